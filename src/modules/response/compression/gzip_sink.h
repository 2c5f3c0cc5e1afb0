// Compresses content on its way to the client, in the gzip format (RFC 1952).
#pragma once

#include "modules/response/compression/coding_rules.h"
#include "pipeline/output_filter.h"
#include "pipeline/request.h"

namespace preforkd {

struct GzipParameters {
    int level = -1; // zlib's choice
    int window = 15;
    int memory = 9;
    const SizeNotes* notes = nullptr; // where any are wanted
    std::size_t buffer = 8096;        // compressed bytes that are passed on at a time
    friend bool operator==(const GzipParameters&, const GzipParameters&) = default;
};

// A child has one sink, for the response that it makes just now, because what zlib needs is large
// and can be used again. Content that fits what is passed on at a time tells
// its compressed length. Answers nullptr where zlib refuses, and logs that.
FilterSink* begin_gzip(Request& request, const GzipParameters& parameters);

} // namespace preforkd
