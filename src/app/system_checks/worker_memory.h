// Whether MaxRequestWorkers children fit into the memory there is.
#pragma once

#include "app/memory/memory_room.h"
#include "app/memory/pool_memory.h"
#include "app/running_server.h"
#include "app/system_checks/finding.h"
#include "config/configuration.h"

namespace preforkd {

// Nothing runs that could be measured: more than a child of preforkd takes that serves files.
inline constexpr std::uint64_t guessed_child_size = 4 * 1024 * 1024;

// An empty pool stands for the guess.
Findings judge_worker_memory(int workers, const MemoryRoom& room, const PoolMemory& pool);

Findings check_worker_memory(const config::Configuration& configuration,
                             const RunningServer& running);

} // namespace preforkd
