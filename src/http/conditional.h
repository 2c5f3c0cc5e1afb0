// Conditional requests and ranges (RFC 9110 §13 and §14), as answers to questions about fields.
#pragma once

#include <cstdint>
#include <ctime>
#include <optional>
#include <string_view>
#include <vector>

#include "http/request_head.h"

namespace preforkd::http {

// What a representation is compared by. Either may be missing.
struct Validators {
    std::string_view etag; // with its quotes and W/, empty for none
    std::optional<std::time_t> last_modified;
};

// 0: go on; 304 or 412: answer that (RFC 9110 §13.2.2's order). `now` is the date of the response.
int evaluate_preconditions(const RequestHead& request, const Validators& validators,
                           std::time_t now);

struct ByteRange {
    std::uint64_t first = 0;
    std::uint64_t last = 0; // inclusive
    std::uint64_t length() const { return last - first + 1; }
};

// Apache: MaxRanges, MaxRangeOverlaps, MaxRangeReversals.
struct RangeLimits {
    int ranges = 200;
    int overlaps = 20;
    int reversals = 20;
};

struct RangeOutcome {
    enum class Kind : unsigned char { whole, partial, unsatisfiable };
    Kind kind = Kind::whole;
    std::vector<ByteRange> ranges; // as the client ordered them
};

// Reads Range (and If-Range) against content of `length` bytes. A malformed or excessive field
// asks for the whole (Apache does so, and RFC 9110 §14.2 allows it). `now` as above.
RangeOutcome evaluate_ranges(const RequestHead& request, const Validators& validators,
                             std::uint64_t length, const RangeLimits& limits, std::time_t now);

} // namespace preforkd::http
