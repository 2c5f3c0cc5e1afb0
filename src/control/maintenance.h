// The pool's upkeep: how many children to fork, and whether one should leave. Decided once a
// second, from numbers alone.
#pragma once

namespace preforkd {

struct PoolCount {
    int idle = 0;     // starting, or waiting for a connection
    int children = 0; // all of them
    int free = 0;     // children that may still be added
    int starved = 0;  // buckets without an idle child: their connections would wait
};

struct SpareServers {
    int least = 5; // MinSpareServers
    int most = 10; // MaxSpareServers
};

// What one second leaves to the next.
struct UpkeepState {
    int spawn_rate = 1;
    int hold_off = 0;            // seconds without doubling, after a graceful restart
    int seconds_since_said = 60; // that MaxRequestWorkers is reached
    int refused_seconds = 0;     // seconds since then in which children were missing
};

struct Upkeep {
    int fork = 0;
    bool retire_one = false;
    bool is_busy = false;    // many children at once: worth an AH00162
    bool is_full = false;    // no room for any: worth an AH00161
    int refused_seconds = 0; // with is_full: how long it has lasted
    UpkeepState next;
};

Upkeep keep_spare_servers(UpkeepState state, const PoolCount& count, const SpareServers& wanted);

} // namespace preforkd
