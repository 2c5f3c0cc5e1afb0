// Clocks, and points in time by which something must have happened.
#pragma once

#include <chrono>

namespace preforkd {

using Duration = std::chrono::microseconds;
using SteadyClock = std::chrono::steady_clock;

// A point in time, not a length: a client that trickles bytes cannot renew it.
class Deadline {
  public:
    static Deadline after(Duration patience) { return Deadline(SteadyClock::now() + patience); }
    static Deadline at(SteadyClock::time_point when) { return Deadline(when); }

    // Never negative.
    Duration remaining() const {
        auto left = std::chrono::duration_cast<Duration>(when_ - SteadyClock::now());
        return left.count() > 0 ? left : Duration::zero();
    }
    bool passed() const { return SteadyClock::now() >= when_; }
    SteadyClock::time_point when() const { return when_; }
    friend bool operator<(const Deadline& a, const Deadline& b) { return a.when_ < b.when_; }

  private:
    explicit Deadline(SteadyClock::time_point when) : when_(when) {}
    SteadyClock::time_point when_;
};

} // namespace preforkd
