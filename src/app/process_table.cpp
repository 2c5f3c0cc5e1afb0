#include "app/process_table.h"

#include <fmt/format.h>
#include <limits>

#include "base/text.h"
#include "os/cpu_time.h"
#include "os/file.h"

namespace preforkd {

std::optional<ProcessEntry> parse_process_entry(std::string_view stat) {
    const auto open = stat.find('(');
    const auto close = stat.rfind(')');
    if (open == std::string_view::npos || close == std::string_view::npos || close < open)
        return {};
    const auto fields = split(trim(stat.substr(close + 1)), ' ');
    const auto pid = parse_decimal(trim(stat.substr(0, open)));
    // Counted from the state: 1 is the parent, 19 the start.
    if (!pid || fields.size() < 20 || fields[0].empty()) return {};
    const auto parent = parse_decimal(fields[1]);
    const auto started = parse_decimal(fields[19]);
    if (!parent || !started) return {};
    return ProcessEntry{static_cast<pid_t>(*pid),
                        std::string(stat.substr(open + 1, close - open - 1)), fields[0][0],
                        static_cast<pid_t>(*parent), *started};
}

std::optional<ProcessEntry> find_process(pid_t pid) {
    const auto stat = read_whole_file(fmt::format("/proc/{}/stat", pid));
    if (!stat) return {};
    return parse_process_entry(*stat);
}

std::vector<pid_t> all_processes() {
    std::vector<pid_t> pids;
    const auto names = names_in_directory("/proc");
    if (!names) return pids;
    for (const std::string& name : *names) {
        const auto number = parse_decimal(name);
        if (number && *number > 0 && *number <= std::numeric_limits<pid_t>::max())
            pids.push_back(static_cast<pid_t>(*number));
    }
    return pids;
}

std::vector<pid_t> serving_children(pid_t control) {
    std::vector<pid_t> children;
    const auto parent = find_process(control);
    if (!parent) return children;
    for (const pid_t pid : all_processes()) {
        const auto process = find_process(pid);
        if (process && process->parent == control && process->name == parent->name &&
            process->state != 'Z')
            children.push_back(pid);
    }
    return children;
}

std::int64_t seconds_alive(const ProcessEntry& process) {
    const auto uptime = read_whole_file("/proc/uptime");
    if (!uptime) return 0;
    const auto seconds = parse_decimal(uptime->substr(0, uptime->find('.')));
    return seconds ? *seconds - process.started / cpu_ticks_per_second() : 0;
}

} // namespace preforkd
