// What the server itself answers: OPTIONS and TRACE (RFC 9110 §9.3.7, §9.3.8).
#pragma once

#include "pipeline/request.h"
#include "pipeline/verdict.h"

namespace preforkd {

// What a TRACE sends back, and the answer to OPTIONS *: no module has a say in these.
bool is_of_no_handler(const Request& request);
Verdict answer_options(Request& request, Responder& responder);
Verdict answer_trace(Request& request, Responder& responder);

} // namespace preforkd
