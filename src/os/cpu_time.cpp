#include "os/cpu_time.h"

#include <sys/times.h>
#include <unistd.h>

namespace preforkd {

CpuTime cpu_time_of_this_process() {
    struct tms spent;
    ::times(&spent);
    return {spent.tms_utime, spent.tms_stime};
}

std::int64_t cpu_ticks_per_second() {
    static const std::int64_t ticks = ::sysconf(_SC_CLK_TCK);
    return ticks;
}

} // namespace preforkd
