// Children that somebody stopped (SIGSTOP): what the control process does about them once a second.
// One that is in nobody's way may stay so for as long as somebody looks at it.
#pragma once

#include <optional>

#include "os/deadline.h"

namespace preforkd {

struct StoppedChild {
    std::optional<SteadyClock::time_point> since; // nothing: it runs
    bool may_hold_mutex = false;                  // it stopped where others wait for it to go on
    bool told_to_leave = false;
};

enum class StopAction : unsigned char { none, free_mutex, end };

StopAction deal_with(const StoppedChild& child, SteadyClock::time_point now);

} // namespace preforkd
