#include "control/service_report.h"

#include <algorithm>
#include <fmt/format.h>

#include "base/text.h"
#include "os/clock.h"
#include "os/process.h"

namespace preforkd {

namespace {

constexpr auto between_status_texts = std::chrono::seconds(10);
constexpr const char* processing = "STATUS=Processing requests...";

struct Totals {
    std::uint64_t requests = 0;
    std::uint64_t bytes = 0;
    int idle = 0;
    int busy = 0;
};

// A starting child is neither idle nor busy, as in Apache.
Totals sum_up(const pool::Scoreboard& scoreboard) {
    Totals totals;
    for (const auto& slot : scoreboard.used_slots()) {
        const auto state = slot.state.load();
        totals.requests += slot.requests;
        totals.bytes += slot.bytes;
        if (state == pool::ChildState::ready) ++totals.idle;
        else if (state >= pool::ChildState::reading && state < pool::ChildState::idle_kill)
            ++totals.busy;
    }
    return totals;
}

// An error is several lines long, and a message of the service manager has one line a thing.
std::string on_one_line(std::string_view text) {
    std::string line(trim(text));
    std::replace(line.begin(), line.end(), '\n', ' ');
    return line;
}

} // namespace

std::string status_text(const pool::Scoreboard& scoreboard, Duration uptime) {
    const Totals totals = sum_up(scoreboard);
    const int workers = std::max(totals.idle + totals.busy, 1);
    const std::string pool = fmt::format("Idle/Busy workers {}/{}", totals.idle * 100 / workers,
                                         totals.busy * 100 / workers);
    if (!scoreboard.global().extended) return pool;
    const double seconds = std::max(std::chrono::duration<double>(uptime).count(), 1.0);
    return fmt::format(
        "Total requests: {}; {};Requests/sec: {:.3g}; Bytes served/sec: {}B/sec", totals.requests,
        pool, static_cast<double>(totals.requests) / seconds,
        short_size(static_cast<std::int64_t>(static_cast<double>(totals.bytes) / seconds)));
}

ServiceReport::ServiceReport(const ServiceManager& manager, const pool::Scoreboard& scoreboard)
    : manager_(manager), scoreboard_(scoreboard), fed_watchdog_at_(SteadyClock::now()),
      told_status_at_(SteadyClock::now()) {}

void ServiceReport::started() const {
    manager_.tell(fmt::format("READY=1\n{}\nMAINPID={}", processing, current_process()));
}

void ServiceReport::reloading() const {
    manager_.tell(fmt::format("RELOADING=1\nMONOTONIC_USEC={}\nSTATUS=Reading configuration...",
                              monotonic_microseconds()));
}

void ServiceReport::reloaded() {
    refusal_.clear();
    manager_.tell(fmt::format("READY=1\n{}", processing));
}

void ServiceReport::refused(std::string_view error) {
    refusal_ = "Configuration not changed, the old one serves on: " + on_one_line(error);
    manager_.tell("READY=1\nSTATUS=" + refusal_);
}

void ServiceReport::stopping() const { manager_.tell("STOPPING=1\nSTATUS=Stopping..."); }

// The watchdog's time begins anew, since the new main process may need half of it to speak.
void ServiceReport::handed_over_to(pid_t successor) const {
    manager_.tell(fmt::format("WATCHDOG=1\nMAINPID={}\n{}", successor, processing));
}

void ServiceReport::second_passed() {
    if (!manager_.listens()) return;
    const auto now = SteadyClock::now();
    if (manager_.watchdog().count() > 0 && now - fed_watchdog_at_ >= manager_.watchdog() / 2) {
        fed_watchdog_at_ = now;
        manager_.tell("WATCHDOG=1");
    }
    if (now - told_status_at_ < between_status_texts) return;
    told_status_at_ = now;
    const auto& started = scoreboard_.global().server_started_at;
    const std::string text =
        status_text(scoreboard_, Duration(microseconds_since_1970() - started));
    manager_.tell("STATUS=" + (refusal_.empty() ? text : text + "; " + refusal_));
}

} // namespace preforkd
