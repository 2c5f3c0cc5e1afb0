// What one process costs: its share of shared pages (PSS) and its page tables. RSS would count what
// children share once for each of them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <sys/types.h>

namespace preforkd {

// In bytes.
struct ProcessMemory {
    std::uint64_t pss = 0;
    std::uint64_t shared = 0; // pages that other processes have, too
    std::uint64_t page_tables = 0;
    bool exact = true; // false: who asked may not look; `pss` is the anonymous memory (RssAnon)

    std::uint64_t size() const { return pss + page_tables; }
};

// "Pss:     1234 kB" anywhere in a text of such lines, as bytes.
std::optional<std::uint64_t> kilobyte_line(std::string_view text, std::string_view key);

// /proc/PID/smaps_rollup and /proc/PID/status; the former may be empty.
std::optional<ProcessMemory> parse_process_memory(std::string_view rollup, std::string_view status);

// Nothing when there is no such process.
std::optional<ProcessMemory> measure_process(pid_t pid);

} // namespace preforkd
