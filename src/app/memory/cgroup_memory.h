// The memory limits of control groups, versions 1 and 2.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace preforkd {

struct CgroupFolder {
    std::string path; // "/sys/fs/cgroup/system.slice/preforkd.service"
    bool version_2 = true;
    friend bool operator==(const CgroupFolder&, const CgroupFolder&) = default;
};

// The folders that may limit a process whose /proc/PID/cgroup says `text`: its own group's, then
// each ancestor's.
std::vector<CgroupFolder> memory_cgroups(std::string_view text);

// "max", and the largest number that version 1 has for it, are no limit.
std::optional<std::uint64_t> parse_memory_limit(std::string_view text);

// Of memory.stat: pages of files, which the kernel gives back when memory is wanted.
std::uint64_t file_cache(std::string_view memory_stat);

} // namespace preforkd
