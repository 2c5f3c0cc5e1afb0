// The member of a balancer that a client's session is with, as a cookie or its path says.
#pragma once

#include <string_view>

#include "modules/proxy/balancer.h"
#include "pipeline/request.h"

namespace preforkd::proxy {

// Apache: stickysession.
struct Session {
    std::string_view route; // "" for none
    std::string_view name;  // of the cookie or parameter that told it
};

Session find_session(const Request& request, const Balancer& balancer, std::string_view url);

} // namespace preforkd::proxy
