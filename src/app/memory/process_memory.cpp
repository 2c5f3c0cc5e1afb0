#include "app/memory/process_memory.h"

#include <fmt/format.h>

#include "base/text.h"
#include "os/file.h"

namespace preforkd {

namespace {

std::string read_or_nothing(const std::string& path) {
    auto content = read_whole_file(path);
    return content ? std::move(*content) : std::string();
}

} // namespace

std::optional<std::uint64_t> kilobyte_line(std::string_view text, std::string_view key) {
    for (const auto line : split(text, '\n')) {
        if (!line.starts_with(key) || !line.substr(key.size()).starts_with(':')) continue;
        auto value = trim(line.substr(key.size() + 1));
        if (!value.ends_with(" kB")) return {};
        value.remove_suffix(3);
        const auto number = parse_decimal(trim(value));
        if (!number) return {};
        return static_cast<std::uint64_t>(*number) * 1024;
    }
    return {};
}

std::optional<ProcessMemory> parse_process_memory(std::string_view rollup,
                                                  std::string_view status) {
    const auto page_tables = kilobyte_line(status, "VmPTE");
    if (!page_tables) return {};
    ProcessMemory memory{.page_tables = *page_tables};
    if (const auto pss = kilobyte_line(rollup, "Pss")) {
        memory.pss = *pss;
        memory.shared = kilobyte_line(rollup, "Shared_Clean").value_or(0) +
                        kilobyte_line(rollup, "Shared_Dirty").value_or(0);
        return memory;
    }
    memory.exact = false;
    memory.pss = kilobyte_line(status, "RssAnon").value_or(0);
    memory.shared = kilobyte_line(status, "RssFile").value_or(0) +
                    kilobyte_line(status, "RssShmem").value_or(0);
    return memory;
}

std::optional<ProcessMemory> measure_process(pid_t pid) {
    const std::string folder = fmt::format("/proc/{}/", pid);
    return parse_process_memory(read_or_nothing(folder + "smaps_rollup"),
                                read_or_nothing(folder + "status"));
}

} // namespace preforkd
