// The time of day. Lengths and deadlines are measured by os/deadline.h instead.
#pragma once

#include <chrono>
#include <cstdint>

namespace preforkd {

inline std::int64_t microseconds_since_1970() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

inline std::int64_t seconds_since_1970() { return microseconds_since_1970() / 1'000'000; }

} // namespace preforkd
