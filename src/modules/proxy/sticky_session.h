// The member of a balancer that a client's session is with, as a cookie or its path says.
#pragma once

#include <string_view>

#include "modules/proxy/balancer.h"
#include "pipeline/request.h"

namespace preforkd::proxy {

// The route, or "" (Apache: stickysession).
std::string_view session_route(const Request& request, const Balancer& balancer,
                               std::string_view url);

} // namespace preforkd::proxy
