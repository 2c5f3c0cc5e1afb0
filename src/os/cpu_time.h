// What a process has spent of the processors (times(2)).
#pragma once

#include <cstdint>

namespace preforkd {

// In clock ticks of sysconf(_SC_CLK_TCK).
struct CpuTime {
    std::int64_t user_ticks = 0;
    std::int64_t system_ticks = 0;
};

CpuTime cpu_time_of_this_process();
std::int64_t cpu_ticks_per_second();

} // namespace preforkd
