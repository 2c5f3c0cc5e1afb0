// preforkctl tune: the MaxRequestWorkers that this machine has memory for, with the sum shown.
#pragma once

#include <string>

#include "app/complete_configuration.h"
#include "app/memory/memory_room.h"
#include "app/memory/pool_memory.h"

namespace preforkd {

struct PoolLimits {
    int max_request_workers = 0;
    int server_limit = 0;
};

// How often the log has said that MaxRequestWorkers was reached (AH00161), and when last.
struct BusyTimes {
    int count = 0;
    std::string last;
};
BusyTimes find_busy_times(std::string_view error_log);

// Requires: !pool.empty().
std::string tuning_text(const MemoryRoom& room, const PoolMemory& pool, const PoolLimits& now);

// 3: no server runs.
int tune(const config::Configuration& configuration);

} // namespace preforkd
