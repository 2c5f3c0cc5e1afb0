// Refuses request content beyond LimitRequestBody.
#pragma once

#include "pipeline/request.h"
#include "pipeline/verdict.h"

namespace preforkd {

// Refuses a Content-Length that is too large at once; else puts a source that counts around
// request.content where the length is not known.
Verdict limit_content(Request& request);

} // namespace preforkd
