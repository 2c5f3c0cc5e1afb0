// The heap of this process.
#pragma once

#include <cstddef>

namespace preforkd {

// How much freed memory may stay with the process until it goes back to the system, and what is
// too large to stay at all; 0: no limit.
void keep_free_memory(std::size_t most_bytes);

// Gives the system what is free now, wherever it lies: after something large went.
void give_back_free_memory();

} // namespace preforkd
