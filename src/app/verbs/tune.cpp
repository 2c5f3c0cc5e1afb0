#include "app/verbs/tune.h"

#include <algorithm>
#include <fmt/format.h>

#include "app/memory/size_text.h"
#include "app/memory/worker_sum.h"
#include "app/running_server.h"
#include "base/text.h"
#include "config/pool_limits.h"
#include "config/process_settings.h"
#include "os/file.h"

namespace preforkd {

namespace {

using config::ProcessSettings;

std::string sum_text(const MemoryRoom& room, const PoolMemory& pool, const WorkerSum& sum) {
    constexpr std::string_view row = "  {:<24}{:>10}  {}\n";
    const auto line = [&](std::string_view name, std::string_view value, std::string_view remark) {
        return fmt::format(fmt::runtime(row), name, value, remark);
    };
    return line("memory", size_text(room.total), room.source) +
           line("- used by others", size_text(sum.others), "now, without the children") +
           line("- reserve", size_text(sum.reserve), "10 %") +
           line("= for children", size_text(sum.for_children), "") +
           line("/ size of a child", size_text(sum.child_size),
                fmt::format("the highest of {}; the median is {}", pool.sizes.size(),
                            size_text(pool.median()))) +
           line("= MaxRequestWorkers", std::to_string(sum.workers), "");
}

std::string basis_text(const PoolMemory& pool) {
    std::string text =
        pool.exact ? "The size is PSS + page tables: shared pages count in parts.\n"
                   : "PSS could not be read (run this as root): the size is the anonymous memory "
                     "+ page tables.\n";
    return text + fmt::format("Shared by all children, counted once: {}. All {} children together: "
                              "{}.\n",
                              size_text(pool.shared), pool.sizes.size(), size_text(pool.total()));
}

std::string advice_text(const WorkerSum& sum, const PoolLimits& now) {
    std::string text = fmt::format("\nNow: MaxRequestWorkers {}, ServerLimit {}.\n",
                                   now.max_request_workers, now.server_limit);
    if (sum.workers > now.server_limit)
        text += "ServerLimit must rise with it, which takes a restart of the whole server (stop, "
                "start).\n";
    return text + fmt::format("\nFor prefork.conf, at most:\n    ServerLimit {}\n"
                              "    MaxRequestWorkers {}\n",
                              std::max(sum.workers, now.server_limit), sum.workers);
}

// The end of the log will do.
BusyTimes busy_times_of(const std::string& error_log) {
    constexpr std::size_t enough = 4 * 1024 * 1024;
    const auto text = read_end_of_file(error_log, enough);
    return text ? find_busy_times(*text) : BusyTimes{};
}

std::string busy_text(const BusyTimes& times) {
    if (times.count == 0)
        return "The error log tells of no time when MaxRequestWorkers was reached.\n";
    return fmt::format("MaxRequestWorkers was reached (AH00161) {} times, last on {}.\n",
                       times.count, times.last);
}

} // namespace

BusyTimes find_busy_times(std::string_view error_log) {
    constexpr std::string_view tag = "AH00161";
    BusyTimes times;
    for (auto at = error_log.find(tag); at != std::string_view::npos;
         at = error_log.find(tag, at + tag.size())) {
        ++times.count;
        const auto start = error_log.rfind('\n', at) + 1;
        const auto line = error_log.substr(start, at - start);
        if (line.starts_with('[')) times.last = line.substr(1, line.find(']') - 1);
    }
    return times;
}

std::string tuning_text(const MemoryRoom& room, const PoolMemory& pool, const PoolLimits& now) {
    const auto size = std::max<std::uint64_t>(pool.highest(), 1);
    const WorkerSum sum = add_up_workers(room, pool.total(), size);
    return sum_text(room, pool, sum) + basis_text(pool) + advice_text(sum, now);
}

int tune(const config::Configuration& configuration) {
    const auto& settings = configuration.main_server().of<ProcessSettings>();
    const RunningServer running = find_running_server(settings.pid_file);
    if (!running.exists) {
        fmt::print(stderr, "preforkd is not running: tune measures the children of a server at "
                           "work\n");
        return 3;
    }
    const auto room = memory_room_of(running.pid);
    const PoolMemory pool = measure_pool(running.pid);
    if (!room || pool.empty()) {
        fmt::print(stderr, "preforkctl: {} cannot be read\n",
                   room ? "the children of the server" : "/proc/meminfo");
        return 1;
    }
    const auto limits = config::adjust_pool_limits(settings, {}).settings;
    fmt::print("{}", tuning_text(*room, pool, {limits.max_request_workers, limits.server_limit}));
    if (settings.error_log.starts_with('/'))
        fmt::print("\n{}", busy_text(busy_times_of(settings.error_log)));
    fmt::print("Measure under the usual load: an idle child is smaller than a busy one.\n");
    return 0;
}

} // namespace preforkd
