// What a program may use of the machine (setrlimit(2)).
#pragma once

#include <cstdint>

namespace preforkd {

enum class Resource : unsigned char { cpu_seconds, memory_bytes, processes };

struct ResourceLimit {
    std::uint64_t soft = 0; // what counts
    std::uint64_t hard = 0; // how far the program may raise the soft one by itself
};

// Of this process.
ResourceLimit resource_limit(Resource resource);
// Of this process and those that it starts from now on; false where the system refuses it.
bool set_resource_limit(Resource resource, const ResourceLimit& limit);

} // namespace preforkd
