#include "os/cpu_time.h"

#include <sys/times.h>

namespace preforkd {

CpuTime cpu_time_of_this_process() {
    struct tms spent;
    ::times(&spent);
    return {spent.tms_utime, spent.tms_stime};
}

} // namespace preforkd
