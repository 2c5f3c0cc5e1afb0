// An OCSP responder: a service of an authority that says over HTTP whether a certificate is still
// good (RFC 6960). Private to net/.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "net/tls_log.h"
#include "os/deadline.h"

namespace preforkd::net {

// The bytes of its response to a request; nothing where none came, and the log says why. The
// look-up of the responder's name takes as long as the system's resolver takes.
std::optional<std::string> ask_responder(const std::string& url, std::string_view request,
                                         Deadline deadline, const TlsLog& log);

} // namespace preforkd::net
