#include "os/descriptor_limit.h"

#include <sys/resource.h>

#include "os/system_error.h"

namespace preforkd {

DescriptorLimit descriptor_limit() {
    struct rlimit limit {};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    return {limit.rlim_cur, limit.rlim_max};
}

Status set_soft_descriptor_limit(std::uint64_t count) {
    struct rlimit limit {};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = count;
    if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) return system_error("raise", "open files");
    return {};
}

} // namespace preforkd
