// How this server calls itself in a Via field (RFC 9110 §7.6.3; Apache: ProxyVia).
#pragma once

#include <string_view>

#include "pipeline/request.h"

namespace preforkd::proxy {

// Of a message of that version of HTTP; "" where nothing is said.
std::string_view via_of(const Request& request, int major, int minor);

} // namespace preforkd::proxy
