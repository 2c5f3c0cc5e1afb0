// The addresses of <VirtualHost>.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/configuration.h"

namespace preforkd::config {

// "*:80", "_default_:443", "10.0.0.1", "[::1]:8080", "name:80". A name has every address that the
// resolver knows; none, with a warning, where it knows no such name.
Result<std::vector<HostAddress>> parse_host_addresses(const std::string& text,
                                                      std::vector<Warning>& warnings);

// "10.0.0.1:80", "[::1]:*", "*:443": as -S prints it.
std::string numeric_text(const HostAddress& address);

} // namespace preforkd::config
