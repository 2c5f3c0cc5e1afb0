// How much memory there is: the machine's, or less where a control group limits it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace preforkd {

// In bytes.
struct MemoryRoom {
    std::string source; // "MemTotal", "/sys/fs/cgroup/…/memory.max"
    std::uint64_t total = 0;
    std::uint64_t used = 0; // not counting what the kernel gives back when it is wanted
};

// /proc/meminfo.
std::optional<MemoryRoom> parse_machine_memory(std::string_view meminfo);

// The room in which least is left once a tenth of it is set aside.
std::optional<MemoryRoom> narrowest(const std::vector<MemoryRoom>& rooms);

// What a process, and so its children, can use.
std::optional<MemoryRoom> memory_room_of(pid_t pid);

} // namespace preforkd
