// Which of a balancer's servers a request goes to.
#pragma once

#include "config/configuration.h"
#include "modules/proxy/balancer.h"
#include "modules/proxy/request_content.h"
#include "pipeline/request.h"
#include "pipeline/verdict.h"

namespace preforkd::proxy {

// In the control process: memory in which all children count what they give to whom.
Status share_states(config::Configuration& configuration);

using PassOn = Verdict (*)(Request&, Responder&, RequestContent&, const Worker&,
                           std::string_view url);

// Passes a request for "balancer://name/path" on to a member, and to another where that fails.
Verdict balance(Request& request, Responder& responder, RequestContent& content,
                std::string_view url, PassOn pass_on);

} // namespace preforkd::proxy
