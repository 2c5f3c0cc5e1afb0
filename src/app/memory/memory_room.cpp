#include "app/memory/memory_room.h"

#include <algorithm>
#include <fmt/format.h>

#include "app/memory/cgroup_memory.h"
#include "app/memory/process_memory.h"
#include "os/file.h"

namespace preforkd {

namespace {

std::int64_t left_in(const MemoryRoom& room) {
    return static_cast<std::int64_t>(room.total - room.total / 10) -
           static_cast<std::int64_t>(room.used);
}

// Nothing where the group does not limit memory, or is not to be seen from here.
std::optional<MemoryRoom> room_of(const CgroupFolder& folder) {
    const std::string limit_file =
        folder.path + (folder.version_2 ? "/memory.max" : "/memory.limit_in_bytes");
    const auto limit_text = read_whole_file(limit_file);
    if (!limit_text) return {};
    const auto limit = parse_memory_limit(*limit_text);
    if (!limit) return {};
    const auto usage_text = read_whole_file(
        folder.path + (folder.version_2 ? "/memory.current" : "/memory.usage_in_bytes"));
    const auto stat = read_whole_file(folder.path + "/memory.stat");
    const auto usage = usage_text ? parse_memory_limit(*usage_text).value_or(0) : 0;
    const auto cache = stat ? file_cache(*stat) : 0;
    return MemoryRoom{limit_file, *limit, usage - std::min(usage, cache)};
}

} // namespace

std::optional<MemoryRoom> parse_machine_memory(std::string_view meminfo) {
    const auto total = kilobyte_line(meminfo, "MemTotal");
    const auto available = kilobyte_line(meminfo, "MemAvailable");
    if (!total || !available) return {};
    return MemoryRoom{"MemTotal", *total, *total - std::min(*total, *available)};
}

std::optional<MemoryRoom> narrowest(const std::vector<MemoryRoom>& rooms) {
    const auto found =
        std::min_element(rooms.begin(), rooms.end(), [](const MemoryRoom& a, const MemoryRoom& b) {
            return left_in(a) < left_in(b);
        });
    if (found == rooms.end()) return {};
    return *found;
}

std::optional<MemoryRoom> memory_room_of(pid_t pid) {
    std::vector<MemoryRoom> rooms;
    if (const auto meminfo = read_whole_file("/proc/meminfo"))
        if (auto machine = parse_machine_memory(*meminfo)) rooms.push_back(std::move(*machine));
    if (const auto groups = read_whole_file(fmt::format("/proc/{}/cgroup", pid)))
        for (const auto& folder : memory_cgroups(*groups))
            if (auto room = room_of(folder)) rooms.push_back(std::move(*room));
    return narrowest(rooms);
}

} // namespace preforkd
