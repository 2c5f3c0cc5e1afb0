// RequestTerminateTimeout: which child works on one request for too long. Decided once a second,
// from what its slot says, so that a child that lies can only spare, or harm, itself.
#pragma once

#include <cstdint>

#include "os/deadline.h"
#include "pool/scoreboard.h"

namespace preforkd {

// What a slot says of the request at hand.
struct RequestAtHand {
    std::int64_t begun = 0; // µs since 1970; 0: there is none
    int limit = 0;          // seconds, 0: none
};
RequestAtHand request_at_hand(const pool::Slot& slot);

// What is remembered of one child. Time is counted from the second in which its request was first
// seen, because the clock of the wall may be set.
struct HangWatch {
    enum class Stage : unsigned char { watched, told_to_end, killed };
    std::int64_t request = 0;
    SteadyClock::time_point since{};
    Stage stage = Stage::watched;
};

enum class HangAction : unsigned char { none, tell_to_end, kill };

HangAction watch(HangWatch& watch, const RequestAtHand& request, SteadyClock::time_point now);

} // namespace preforkd
