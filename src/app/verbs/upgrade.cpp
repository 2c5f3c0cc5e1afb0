#include "app/verbs/upgrade.h"

#include <csignal>
#include <cstdlib>
#include <fmt/format.h>
#include <thread>

#include "base/text.h"
#include "config/process_settings.h"
#include "os/file.h"
#include "os/process.h"

namespace preforkd {

namespace {

constexpr Duration longest_start = std::chrono::seconds(30);
constexpr Duration glance = std::chrono::milliseconds(50);

int give_up(std::string_view reason) {
    fmt::print(stderr, "preforkctl: {}\n", reason);
    return 1;
}

std::uint64_t mask_of(std::string_view status, std::string_view key) {
    for (const auto line : split(status, '\n'))
        if (line.starts_with(key))
            return std::strtoull(std::string(line.substr(key.size())).c_str(), nullptr, 16);
    return 0;
}

bool knows_upgrades(pid_t pid) {
    const auto status = read_whole_file(fmt::format("/proc/{}/status", pid));
    return status && handles_signal(*status, SIGUSR2);
}

} // namespace

bool handles_signal(std::string_view status, int number) {
    const std::uint64_t bit = std::uint64_t{1} << (number - 1);
    // Whoever reads signals from a descriptor blocks them.
    return ((mask_of(status, "SigCgt:") | mask_of(status, "SigBlk:")) & bit) != 0;
}

RunningServer wait_for_successor(const std::string& pid_file, pid_t old, Duration patience) {
    const Deadline deadline = Deadline::after(patience);
    for (;;) {
        RunningServer found = find_running_server(pid_file);
        if ((found.alive && found.pid != old) || deadline.passed()) return found;
        std::this_thread::sleep_for(glance);
    }
}

Result<std::string> judge_successor(const RunningServer& found, pid_t old) {
    if (found.alive && found.pid != old)
        return fmt::format("preforkd upgraded: pid {} -> {}", old, found.pid);
    if (found.alive)
        return Error{fmt::format("not upgraded: pid {} still serves; the error log says why", old)};
    return Error{fmt::format("not upgraded: the pid file names no living process; pid {} {}", old,
                             send_signal(old, 0) ? "still runs" : "has ended")};
}

int upgrade_server(const ControlRequest& request) {
    const auto check = server_command(request, {"-t"});
    const auto checked = run_program_silently(check);
    if (!checked) return give_up(checked.error().what);
    if (*checked != 0) {
        const auto said = run_program(check);
        return give_up(said ? "not upgraded: the new program refuses the configuration"
                            : said.error().what);
    }
    const auto configuration = read_for_control(request);
    if (!configuration) return give_up(configuration.error().what);
    const auto& settings = (*configuration)->main_server().of<config::ProcessSettings>();
    const RunningServer running = find_running_server(settings.pid_file);
    if (!running.alive) return give_up(fmt::format("not upgraded: {}", running.status()));
    if (!knows_upgrades(running.pid))
        return give_up(fmt::format("not upgraded: pid {} is of a version that cannot hand its "
                                   "listeners over; use 'preforkctl graceful-stop' and 'start'",
                                   running.pid));
    if (!send_signal(running.pid, SIGUSR2))
        return give_up(fmt::format("sending signal to server {} failed", running.pid));
    const auto found = wait_for_successor(settings.pid_file, running.pid, longest_start);
    const auto judged = judge_successor(found, running.pid);
    if (!judged) return give_up(judged.error().what);
    fmt::print("{}\n", *judged);
    return 0;
}

} // namespace preforkd
