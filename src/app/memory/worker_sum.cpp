#include "app/memory/worker_sum.h"

#include <algorithm>

#include "config/pool_limits.h"

namespace preforkd {

WorkerSum add_up_workers(const MemoryRoom& room, std::uint64_t pool_total,
                         std::uint64_t child_size) {
    WorkerSum sum{.reserve = room.total / 10, .child_size = child_size};
    sum.others = room.used - std::min(room.used, pool_total);
    sum.for_children = room.total - std::min(room.total, sum.others + sum.reserve);
    const auto fitting =
        std::clamp<std::uint64_t>(sum.for_children / child_size, 1, config::highest_server_limit);
    sum.workers = static_cast<int>(fitting);
    return sum;
}

} // namespace preforkd
