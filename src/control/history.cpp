#include "control/history.h"

namespace preforkd {

using pool::ChildState;

namespace {

constexpr auto relaxed = std::memory_order_relaxed;

struct Sums {
    std::uint32_t idle = 0, busy = 0;
    std::uint64_t requests = 0, bytes = 0;
};

void count_state(Sums& sums, ChildState state) {
    switch (state) {
    case ChildState::dead:
    case ChildState::starting:
    case ChildState::idle_kill: return;
    case ChildState::ready: ++sums.idle; return;
    default: ++sums.busy;
    }
}

Sums add_up(const pool::Scoreboard& scoreboard) {
    Sums sums;
    for (const auto& slot : scoreboard.used_slots()) {
        if (slot.pid.load(relaxed) != 0) count_state(sums, slot.state.load(relaxed));
        sums.requests += slot.requests.load(relaxed);
        sums.bytes += slot.bytes.load(relaxed);
    }
    return sums;
}

} // namespace

void record_second(pool::Scoreboard& scoreboard, std::int64_t second) {
    auto& history = scoreboard.global().history;
    auto& entry = history[static_cast<std::size_t>(second) % history.size()];
    const Sums sums = add_up(scoreboard);
    entry.at = 0; // a reader who finds the same time before and after has read one second
    entry.idle = sums.idle;
    entry.busy = sums.busy;
    entry.requests = sums.requests;
    entry.bytes = sums.bytes;
    entry.at = second;
}

} // namespace preforkd
