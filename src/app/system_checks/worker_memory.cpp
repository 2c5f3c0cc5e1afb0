#include "app/system_checks/worker_memory.h"

#include <fmt/format.h>

#include "app/memory/size_text.h"
#include "app/memory/worker_sum.h"
#include "config/pool_limits.h"
#include "config/process_settings.h"
#include "os/process.h"

namespace preforkd {

namespace {

std::string origin_of_size(const PoolMemory& pool) {
    if (pool.empty()) return "a guess, since no server runs";
    return fmt::format("the largest of {} running, {}", pool.sizes.size(),
                       pool.exact ? "PSS + page tables" : "anonymous memory + page tables");
}

} // namespace

Findings judge_worker_memory(int workers, const MemoryRoom& room, const PoolMemory& pool) {
    const std::uint64_t size = pool.empty() ? guessed_child_size : pool.highest();
    if (size == 0) return {};
    const WorkerSum sum = add_up_workers(room, pool.total(), size);
    const std::uint64_t needed = static_cast<std::uint64_t>(workers) * size;
    if (needed <= sum.for_children) return {};
    return {{fmt::format("MaxRequestWorkers {} x {} a child ({}) = {}, but there is {} for "
                         "children: {} ({}) - {} used by others - {} reserve",
                         workers, size_text(size), origin_of_size(pool), size_text(needed),
                         size_text(sum.for_children), size_text(room.total), room.source,
                         size_text(sum.others), size_text(sum.reserve)),
             fmt::format("set MaxRequestWorkers to {} or less; 'preforkctl tune' measures a "
                         "running server",
                         sum.workers)}};
}

Findings check_worker_memory(const config::Configuration& configuration,
                             const RunningServer& running) {
    const auto& settings = configuration.main_server().of<config::ProcessSettings>();
    const auto room = memory_room_of(running.exists ? running.pid : current_process());
    if (!room) return {};
    const int workers = config::adjust_pool_limits(settings, {}).settings.max_request_workers;
    return judge_worker_memory(workers, *room,
                               running.exists ? measure_pool(running.pid) : PoolMemory{});
}

} // namespace preforkd
