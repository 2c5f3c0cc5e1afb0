// The kernel's list of processes, as /proc shows it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace preforkd {

struct ProcessEntry {
    pid_t pid = 0;
    std::string name; // the program's, at most 15 letters
    char state = '?';
    pid_t parent = 0;
    std::int64_t started = 0; // ticks after the machine's start
};

// /proc/PID/stat; the name may hold any letter.
std::optional<ProcessEntry> parse_process_entry(std::string_view stat);
std::optional<ProcessEntry> find_process(pid_t pid);
std::vector<pid_t> all_processes();

// The children of a control process: of the same name, so not the programs that read its logs, nor
// scripts; and alive.
std::vector<pid_t> serving_children(pid_t control);

// Since its start; 0 where unknown.
std::int64_t seconds_alive(const ProcessEntry& process);

} // namespace preforkd
