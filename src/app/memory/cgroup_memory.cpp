#include "app/memory/cgroup_memory.h"

#include <algorithm>

#include "base/text.h"

namespace preforkd {

namespace {

// Version 1 says "no limit" as the highest number of whole pages.
constexpr long long beyond_any_machine = 1LL << 60;

bool has_memory(std::string_view controllers) {
    const auto names = split(controllers, ',');
    return std::find(names.begin(), names.end(), "memory") != names.end();
}

void add_with_ancestors(std::vector<CgroupFolder>& folders, const std::string& mount,
                        std::string path, bool version_2) {
    while (!path.empty() && path != "/") {
        folders.push_back({mount + path, version_2});
        path.erase(path.rfind('/'));
    }
    folders.push_back({mount, version_2});
}

// "total_inactive_file 4096" or "inactive_file 4096".
std::optional<std::uint64_t> stat_line(std::string_view text, std::string_view key) {
    for (const auto line : split(text, '\n')) {
        if (!line.starts_with(key) || !line.substr(key.size()).starts_with(' ')) continue;
        const auto number = parse_decimal(trim(line.substr(key.size())));
        if (number) return static_cast<std::uint64_t>(*number);
    }
    return {};
}

} // namespace

std::vector<CgroupFolder> memory_cgroups(std::string_view text) {
    std::vector<CgroupFolder> folders;
    for (const auto line : split(text, '\n')) {
        const auto first = line.find(':');
        const auto second = line.find(':', first + 1);
        if (first == std::string_view::npos || second == std::string_view::npos) continue;
        const auto controllers = line.substr(first + 1, second - first - 1);
        const std::string path(line.substr(second + 1));
        if (!path.starts_with('/')) continue;
        if (line.starts_with("0::")) add_with_ancestors(folders, "/sys/fs/cgroup", path, true);
        else if (has_memory(controllers))
            add_with_ancestors(folders, "/sys/fs/cgroup/memory", path, false);
    }
    return folders;
}

std::optional<std::uint64_t> parse_memory_limit(std::string_view text) {
    const auto number = parse_decimal(trim(text));
    if (!number || *number >= beyond_any_machine) return {};
    return static_cast<std::uint64_t>(*number);
}

std::uint64_t file_cache(std::string_view memory_stat) {
    std::uint64_t bytes = 0;
    for (const std::string key : {"inactive_file", "active_file"}) {
        const auto with_children = stat_line(memory_stat, "total_" + key);
        bytes += with_children ? *with_children : stat_line(memory_stat, key).value_or(0);
    }
    return bytes;
}

} // namespace preforkd
