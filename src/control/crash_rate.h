// Whether children die so often that forking others as fast as usual would only heat the machine.
// Decided from numbers alone.
#pragma once

#include <deque>
#include <optional>

#include "os/deadline.h"

namespace preforkd {

class CrashRate {
  public:
    // What has changed: worth a line in the log.
    enum class Change : unsigned char { none, slowed_down, back_to_normal };

    // A child that was `age` old failed. `most_children` is MaxRequestWorkers: a burst for a small
    // pool is none for a large one.
    Change child_crashed(SteadyClock::time_point now, SteadyClock::duration age, int most_children);
    // Once a second.
    Change second_passed(SteadyClock::time_point now);

    // There are reasons to believe that it is over.
    Change forget();

    // How many children may be forked at `now` of the `wanted`; they are taken for forked. While
    // it is slowed down: one a second.
    int allow(SteadyClock::time_point now, int wanted);

    bool is_slow() const { return slow_; }
    int recent() const { return static_cast<int>(crashes_.size()); } // in the last ten seconds

  private:
    struct Crash {
        SteadyClock::time_point at;
        bool young;
    };
    void forget_before(SteadyClock::time_point when);
    int young() const;

    std::deque<Crash> crashes_;
    bool slow_ = false;
    int bearable_ = 0; // when it slowed down
    std::optional<SteadyClock::time_point> last_fork_;
};

} // namespace preforkd
