// Makes content of the gzip format plain on its way to the client.
#pragma once

#include "pipeline/output_filter.h"
#include "pipeline/request.h"

namespace preforkd {

// What a small file may become, so that none fills the memory of whoever reads on
// (DeflateInflateRatioLimit, DeflateInflateRatioBurst).
struct InflateLimits {
    int ratio = 200;
    int burst = 3; // how often it may be exceeded
};

// A child has one sink, for the response that it makes just now. Answers nullptr where zlib
// refuses, and logs that.
FilterSink* begin_inflating(Request& request, const InflateLimits& limits);

} // namespace preforkd
