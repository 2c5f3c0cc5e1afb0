#include "control/child_watch.h"

#include <csignal>
#include <fmt/format.h>

#include "child/main_log.h"
#include "control/stops.h"
#include "os/process.h"
#include "os/signals.h"

namespace preforkd {

namespace {

void tell(const Generation& generation, log::Level level, const std::string& text) {
    write_main_log(*generation.configuration,
                   {.module = "mpm_prefork", .level = level, .text = text});
}

void hear_of_stops(ChildTable& table, const Generation& generation) {
    while (const auto news = next_stop_or_go()) {
        const auto slot = table.slot_of(news->pid);
        if (!slot) continue;
        auto& since = table[*slot].stopped_since;
        if (since.has_value() == news->stopped) continue;
        since = news->stopped ? std::optional(SteadyClock::now()) : std::nullopt;
        tell(generation, log::Level::notice,
             news->stopped
                 ? fmt::format("child {} was stopped, and serves nobody until SIGCONT", news->pid)
                 : fmt::format("child {} goes on", news->pid));
    }
}

// Between accepting and serving it says that it waits still.
bool may_hold_mutex(const pool::Slot& slot, const Generation& generation,
                    const ChildRecord& child) {
    const bool waits = slot.state.load() == pool::ChildState::ready;
    const Generation* its = &generation;
    while (its && its->number != child.generation) its = its->predecessor.get();
    return waits && its && !its->accept_mutexes.empty();
}

void deal_with_stopped(ChildTable& table, const pool::Scoreboard& board,
                       const Generation& generation) {
    const auto now = SteadyClock::now();
    table.each([&](int slot, ChildRecord& child) {
        const auto action =
            deal_with({.since = child.stopped_since,
                       .may_hold_mutex = may_hold_mutex(board.slot(slot), generation, child),
                       .told_to_leave = child.told_to_leave},
                      now);
        if (action == StopAction::none || child.told_to_end) return;
        child.told_to_end = true;
        tell(generation, log::Level::warn,
             fmt::format("child {} is stopped and {}, it is killed", child.pid,
                         action == StopAction::end ? "does not leave as it was asked to"
                                                   : "may hold the accept mutex"));
        send_signal(child.pid, SIGKILL);
    });
}

} // namespace

void watch_for_stops(ChildTable& table, const pool::Scoreboard& board,
                     const Generation& generation) {
    hear_of_stops(table, generation);
    deal_with_stopped(table, board, generation);
}

// First so that it leaves its stack, then for good.
void end_hanging_requests(ChildTable& table, const pool::Scoreboard& board) {
    const auto now = SteadyClock::now();
    table.each([&](int index, ChildRecord& child) {
        const auto request = request_at_hand(board.slot(index));
        const auto action = watch(child.hang, request, now);
        if (action == HangAction::tell_to_end)
            send_signal_with_value(child.pid, SIGUSR2, static_cast<std::uint32_t>(request.begun));
        if (action == HangAction::kill) send_signal(child.pid, SIGKILL);
    });
}

} // namespace preforkd
