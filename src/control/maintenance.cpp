#include "control/maintenance.h"

#include <algorithm>

namespace preforkd {

namespace {

constexpr int highest_spawn_rate = 32;
constexpr int busy_spawn_rate = 8;
constexpr int seconds_between_complaints = 60;

Upkeep refuse(UpkeepState state) {
    Upkeep upkeep;
    state.spawn_rate = 1;
    ++state.refused_seconds;
    if (state.seconds_since_said >= seconds_between_complaints) {
        upkeep.is_full = true;
        upkeep.refused_seconds = state.refused_seconds;
        state.seconds_since_said = 0;
        state.refused_seconds = 0;
    }
    upkeep.next = state;
    return upkeep;
}

Upkeep grow(UpkeepState state, int free) {
    Upkeep upkeep;
    upkeep.fork = std::min(state.spawn_rate, free);
    upkeep.is_busy = state.spawn_rate >= busy_spawn_rate;
    if (state.hold_off > 0) --state.hold_off;
    else state.spawn_rate = std::min(state.spawn_rate * 2, highest_spawn_rate);
    upkeep.next = state;
    return upkeep;
}

Upkeep calm_down(UpkeepState state, bool too_many) {
    Upkeep upkeep;
    state.spawn_rate = 1;
    upkeep.retire_one = too_many;
    upkeep.next = state;
    return upkeep;
}

} // namespace

Upkeep keep_spare_servers(UpkeepState state, const PoolCount& count, const SpareServers& wanted) {
    state.seconds_since_said = std::min(state.seconds_since_said + 1, seconds_between_complaints);
    if (count.idle >= wanted.least) {
        // A full pool makes room for a bucket whose connections wait: another has idle ones to
        // spare.
        const bool is_in_the_way = count.starved > 0 && count.free == 0;
        auto upkeep = calm_down(state, count.idle > wanted.most || is_in_the_way);
        upkeep.fork = std::min(count.starved, count.free);
        return upkeep;
    }
    return count.free > 0 ? grow(state, count.free) : refuse(state);
}

} // namespace preforkd
