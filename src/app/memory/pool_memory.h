// What the children of a running server cost.
#pragma once

#include <cstdint>
#include <sys/types.h>
#include <vector>

#include "app/memory/process_memory.h"

namespace preforkd {

struct PoolMemory {
    std::vector<std::uint64_t> sizes; // of each child, smallest first
    std::uint64_t shared = 0;         // what they have in common, counted once
    bool exact = true;                // false: some could not be looked at closely

    bool empty() const { return sizes.empty(); }
    // Requires: !empty().
    std::uint64_t median() const { return sizes[sizes.size() / 2]; }
    std::uint64_t highest() const { return sizes.back(); }
    std::uint64_t total() const;
};

PoolMemory add_up(const std::vector<ProcessMemory>& children);
PoolMemory measure_pool(pid_t control);

} // namespace preforkd
