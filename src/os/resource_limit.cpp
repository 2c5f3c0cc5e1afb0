#include "os/resource_limit.h"

#include <sys/resource.h>

namespace preforkd {

namespace {

__rlimit_resource native(Resource resource) {
    switch (resource) {
    case Resource::cpu_seconds: return RLIMIT_CPU;
    case Resource::memory_bytes: return RLIMIT_AS;
    case Resource::processes: break;
    }
    return RLIMIT_NPROC;
}

} // namespace

ResourceLimit resource_limit(Resource resource) {
    struct rlimit limit {};
    ::getrlimit(native(resource), &limit);
    return {.soft = limit.rlim_cur, .hard = limit.rlim_max};
}

bool set_resource_limit(Resource resource, const ResourceLimit& limit) {
    const struct rlimit wanted { .rlim_cur = limit.soft, .rlim_max = limit.hard };
    return ::setrlimit(native(resource), &wanted) == 0;
}

} // namespace preforkd
