// What a little that is compressed may become, so that none fills the memory of whoever reads on
// (DeflateInflateRatioLimit, DeflateInflateRatioBurst).
#pragma once

#include <cstdint>

namespace preforkd {

// For inflateInit2 of zlib: a window of any size, in a wrapping of gzip.
constexpr int any_window_of_gzip = 15 + 16;

struct InflateLimits {
    int ratio = 200;
    int burst = 3; // how often it may be exceeded
};

class InflateWatch {
  public:
    explicit InflateWatch(const InflateLimits& limits = {}) : limits_(limits) {}
    const InflateLimits& limits() const { return limits_; }
    // Of all bytes up to now; to be asked after each piece.
    bool is_too_much(std::uint64_t before, std::uint64_t after) {
        if (before == 0 || after / before <= static_cast<std::uint64_t>(limits_.ratio))
            return false;
        return ++excesses_ > limits_.burst;
    }

  private:
    InflateLimits limits_;
    int excesses_ = 0;
};

} // namespace preforkd
