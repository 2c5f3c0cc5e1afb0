// Compresses content on its way to the client, in the brotli format (RFC 7932).
#pragma once

#include "modules/response/compression/coding_rules.h"
#include "pipeline/output_filter.h"
#include "pipeline/request.h"

namespace preforkd {

struct BrotliParameters {
    int quality = 5;
    int window = 18;
    int input_block = 0;              // 0: brotli's choice
    const SizeNotes* notes = nullptr; // where any are wanted
};

// Answers nullptr where there is no memory for it.
FilterSink* begin_brotli(Request& request, const BrotliParameters& parameters);

} // namespace preforkd
