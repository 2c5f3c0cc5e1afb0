// The head of a request as another server gets it.
#pragma once

#include <string>
#include <string_view>

#include "modules/proxy/destination.h"
#include "modules/proxy/manners.h"

namespace preforkd::proxy {

// RFC 9110 §7.6.1: what a client says to this server alone stays here. `upgrade` is the protocol to
// ask for; "" for none.
void append_request(std::pmr::string& text, Request& request, const Destination& destination,
                    const Manners& manners, std::string_view upgrade);

} // namespace preforkd::proxy
