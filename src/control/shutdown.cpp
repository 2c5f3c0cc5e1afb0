#include "control/shutdown.h"

#include <csignal>
#include <fmt/format.h>

#include "child/main_log.h"

namespace preforkd {

namespace {

using std::chrono::seconds;

// One step in getting rid of stragglers.
struct Step {
    seconds after;
    int signal; // 0: give up
    log::Level level;
    const char* text;
};
constexpr const char* terminating =
    "AH00045: child process {} still did not exit, sending a SIGTERM";
constexpr Step steps[] = {
    {seconds(3), SIGTERM, log::Level::warn, terminating},
    {seconds(5), SIGTERM, log::Level::warn, terminating},
    {seconds(7), SIGTERM, log::Level::warn, terminating},
    {seconds(9), SIGKILL, log::Level::error,
     "AH00046: child process {} still did not exit, sending a SIGKILL"},
    {seconds(10), 0, log::Level::error,
     "AH00047: could not make child process {} exit, attempting to continue anyway"},
};

void bury_ended(ChildPool& pool, const Generation& generation) {
    while (const auto ended = reap_ended_process()) pool.bury(generation, *ended);
}

void take(const Step& step, ChildPool& pool, const Generation& generation) {
    pool.each([&](int, ChildRecord& child) {
        const std::string text = fmt::format(fmt::runtime(step.text), child.pid);
        write_main_log(*generation.configuration,
                       {.module = "core", .level = step.level, .text = text});
    });
    if (step.signal != 0) pool.signal_all(step.signal);
}

} // namespace

void end_children(ChildPool& pool, const Generation& generation, const SignalQueue& signals) {
    const auto begin = SteadyClock::now();
    pool.signal_all(SIGTERM);
    for (const Step& step : steps) {
        const auto deadline = Deadline::at(begin + step.after);
        for (;;) {
            bury_ended(pool, generation);
            if (pool.count() == 0) return;
            if (deadline.passed()) break;
            signals.wait(deadline);
        }
        take(step, pool, generation);
    }
}

void end_children_gracefully(ChildPool& pool, const Generation& generation,
                             const SignalQueue& signals) {
    const int patience = generation.settings.graceful_shutdown_timeout;
    const auto end = Deadline::after(seconds(patience));
    pool.retire_before(generation.number + 1);
    while (patience == 0 || !end.passed()) {
        bury_ended(pool, generation);
        if (pool.count() == 0) return;
        const auto signal = signals.wait(Deadline::after(seconds(1)));
        if (signal == SIGTERM || signal == SIGINT) break;
        if (signal) continue;
        pool.watch_children(generation);
        pool.remind();
    }
    end_children(pool, generation, signals);
}

} // namespace preforkd
