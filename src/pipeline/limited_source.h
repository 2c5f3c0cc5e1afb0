// Refuses request content beyond LimitRequestBody.
#pragma once

#include "pipeline/request.h"
#include "pipeline/verdict.h"

namespace preforkd {

// Refuses a Content-Length that is too large at once; else puts a source that counts around
// request.content where the length is not known.
Verdict limit_content(Request& request);

// LimitRequestBody: bytes of content that a request may have, 0 for any number.
std::uint64_t limit_of_content(const Request& request);

} // namespace preforkd
