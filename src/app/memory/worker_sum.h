// The sum behind MaxRequestWorkers: (memory - what others use - a reserve) / size of a child.
#pragma once

#include <cstdint>

#include "app/memory/memory_room.h"

namespace preforkd {

// In bytes, but for `workers`.
struct WorkerSum {
    std::uint64_t others = 0;  // what is in use now, without the children
    std::uint64_t reserve = 0; // a tenth of all
    std::uint64_t for_children = 0;
    std::uint64_t child_size = 0;
    int workers = 1; // as many as fit, from 1 to what ServerLimit can be
};

// `pool_total`: what the children use of `room` now. Requires: child_size > 0.
WorkerSum add_up_workers(const MemoryRoom& room, std::uint64_t pool_total,
                         std::uint64_t child_size);

} // namespace preforkd
