// Makes the content of a request plain that comes in the gzip format.
#pragma once

#include "http/request_reader.h"
#include "modules/response/compression/inflate_limits.h"
#include "pipeline/request.h"

namespace preforkd {

struct InflateTerms {
    InflateLimits limits;
    std::uint64_t most = 0; // bytes of the plain content, 0 for no limit
    std::size_t piece = 0;  // bytes that are made at a time
};

// Reads nothing before it is read from. Lives, with all that zlib needs, in the request's arena.
http::BodySource& begin_inflating(Request& request, http::BodySource& content,
                                  const InflateTerms& terms);

} // namespace preforkd
