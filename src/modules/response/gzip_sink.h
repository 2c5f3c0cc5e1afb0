// Compresses content on its way to the client, in the gzip format (RFC 1952).
#pragma once

#include "http/response_writer.h"
#include "pipeline/request.h"

namespace preforkd {

struct GzipParameters {
    int level = -1; // zlib's choice
    int window = 15;
    int memory = 9;
    std::size_t buffer = 8096; // compressed bytes that are passed on at a time
    friend bool operator==(const GzipParameters&, const GzipParameters&) = default;
};

// The sink around `next`. A child has one, for the response that it makes just now, because what
// zlib needs is large and can be used again. Content that fits what is passed on at a time tells
// its compressed length. Answers nullptr when there is no memory for it.
http::BodySink* begin_gzip(Request& request, http::BodySink* next,
                           const GzipParameters& parameters);

} // namespace preforkd
