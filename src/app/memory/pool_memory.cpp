#include "app/memory/pool_memory.h"

#include <algorithm>
#include <numeric>

#include "app/process_table.h"

namespace preforkd {

std::uint64_t PoolMemory::total() const {
    return std::accumulate(sizes.begin(), sizes.end(), std::uint64_t{0});
}

PoolMemory add_up(const std::vector<ProcessMemory>& children) {
    PoolMemory pool;
    for (const auto& child : children) {
        pool.sizes.push_back(child.size());
        pool.shared = std::max(pool.shared, child.shared);
        pool.exact = pool.exact && child.exact;
    }
    std::sort(pool.sizes.begin(), pool.sizes.end());
    return pool;
}

PoolMemory measure_pool(pid_t control) {
    std::vector<ProcessMemory> children;
    for (const pid_t pid : serving_children(control))
        if (const auto memory = measure_process(pid)) children.push_back(*memory);
    return add_up(children);
}

} // namespace preforkd
