// The part of a TLS ClientHello that is read here: the name of the host that the client wants.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace preforkd::net {

// The host name in the content of a server_name extension (RFC 6066 §3); nothing where the
// extension is malformed or its name is none: such a client is served as one that names nobody.
std::optional<std::string_view> requested_host(std::span<const unsigned char> extension);

} // namespace preforkd::net
