// Makes content of the gzip format plain on its way to the client.
#pragma once

#include "modules/response/compression/inflate_limits.h"
#include "pipeline/output_filter.h"
#include "pipeline/request.h"

namespace preforkd {

// A child has one sink, for the response that it makes just now. Answers nullptr where zlib
// refuses, and logs that.
FilterSink* begin_inflating(Request& request, const InflateLimits& limits);

} // namespace preforkd
