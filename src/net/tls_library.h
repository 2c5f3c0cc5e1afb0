// The library that does the work of TLS.
#pragma once

#include <string>

namespace preforkd::net {

// "OpenSSL/3.0.15"
std::string tls_library();

} // namespace preforkd::net
