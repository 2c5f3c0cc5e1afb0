// What the resolver knows of a client. Each question may take the network's time.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "net/address.h"

namespace preforkd::net {

// The name of an address, if that name leads back to it (Apache: HostnameLookups Double).
std::optional<std::string> verified_name_of(const Address& address);

// What verified_name_of() found last, if it was for that address and port: a client keeps its name
// as long as its connection. Empty for nothing.
std::string_view found_name_of(const Address& address);

// The name of an address, as its owner tells it.
std::optional<std::string> name_of(const Address& address);

// Whether `name` stands for `address`.
bool leads_to(const std::string& name, const Address& address);

} // namespace preforkd::net
