// How many files this process may have open at a time (RLIMIT_NOFILE).
#pragma once

#include <cstdint>

#include "base/result.h"

namespace preforkd {

struct DescriptorLimit {
    std::uint64_t soft = 0; // what counts
    std::uint64_t hard = 0; // how far a process may raise the soft one by itself
};

DescriptorLimit descriptor_limit();
Status set_soft_descriptor_limit(std::uint64_t count);

} // namespace preforkd
