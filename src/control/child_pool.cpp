#include "control/child_pool.h"

#include <algorithm>
#include <csignal>
#include <fmt/format.h>

#include "child/child_process.h"
#include "child/main_log.h"
#include "control/child_end.h"
#include "pool/exit_status.h"

namespace preforkd {

namespace {

void say(const Generation& generation, log::Level level, const std::string& text, int code = 0) {
    write_main_log(*generation.configuration,
                   {.module = "mpm_prefork", .level = level, .text = text, .code = code});
}

} // namespace

ChildPool::ChildPool(pool::Scoreboard& scoreboard)
    : scoreboard_(scoreboard), table_(scoreboard.global().slot_count) {}

int ChildPool::room(const Generation& generation) const {
    return std::max(0, generation.settings.max_request_workers - table_.count());
}

int ChildPool::fork_children(const Generation& generation, int count) {
    count = std::min(count, room(generation));
    if (SteadyClock::now() < no_fork_before_) return 0;
    for (int forked = 0; forked < count; ++forked) {
        const auto slot = table_.free_slot();
        if (!slot || !fork_child(generation, *slot)) return forked;
    }
    return std::max(count, 0);
}

bool ChildPool::fork_child(const Generation& generation, int slot) {
    clear_slot(slot);
    scoreboard_.slot(slot).state = pool::ChildState::starting;
    scoreboard_.slot(slot).generation = generation.number;
    auto& global = scoreboard_.global();
    global.slots_ever_used = std::max(global.slots_ever_used.load(), slot + 1);
    const pid_t control = current_process();
    auto pid = fork_process();
    if (!pid) {
        say(generation, log::Level::error, "AH00159: fork: Unable to fork new process",
            pid.error().code);
        scoreboard_.slot(slot).state = pool::ChildState::dead;
        no_fork_before_ = SteadyClock::now() + std::chrono::seconds(10);
        return false;
    }
    if (*pid == 0) {
        end_process(
            run_child({*generation.configuration, *generation.hosts, generation.listeners.open,
                       generation.accept_mutex.get(), scoreboard_, slot, generation.number,
                       generation.identity ? &*generation.identity : nullptr, control,
                       generation.child_init}));
    }
    scoreboard_.slot(slot).pid = *pid;
    table_.add(slot, *pid, generation.number);
    global.highest_slot_in_use = table_.highest();
    return true;
}

// What belonged to the last child; the slot's own sums stay.
void ChildPool::clear_slot(int index) {
    auto& slot = scoreboard_.slot(index);
    slot.connections = 0;
    slot.child_requests = 0;
    slot.child_bytes = 0;
    slot.connection_requests = 0;
    slot.connection_bytes = 0;
    slot.state_since = 0;
    slot.trace.signal = 0;
    slot.trace.depth = 0;
}

int ChildPool::count_idle() {
    int idle = 0;
    table_.each([&](int slot, const ChildRecord&) {
        const auto state = scoreboard_.slot(slot).state.load();
        if (state == pool::ChildState::starting || state == pool::ChildState::ready) ++idle;
    });
    return idle;
}

void ChildPool::keep_spare_servers(const Generation& generation) {
    const PoolCount count{count_idle(), table_.count(), room(generation)};
    const auto& settings = generation.settings;
    const Upkeep upkeep = preforkd::keep_spare_servers(
        upkeep_, count, {settings.min_spare_servers, settings.max_spare_servers});
    upkeep_ = upkeep.next;
    if (upkeep.is_full) {
        std::string text = "AH00161: server reached MaxRequestWorkers setting, consider raising "
                           "the MaxRequestWorkers setting";
        if (upkeep.refused_seconds > 1)
            text += fmt::format(" (for {} seconds)", upkeep.refused_seconds);
        say(generation, log::Level::error, text);
    }
    if (upkeep.is_busy)
        say(generation, log::Level::info,
            fmt::format("AH00162: server seems busy, (you may need to increase StartServers, or "
                        "Min/MaxSpareServers), spawning {} children, there are {} idle, and {} "
                        "total children",
                        upkeep.fork, count.idle, count.children));
    if (fork_children(generation, upkeep.fork) < upkeep.fork) upkeep_.spawn_rate = 1;
    if (upkeep.retire_one) retire_one();
}

// Between two requests, or before the first.
bool ChildPool::waits_for_client(int index) const {
    const auto state = scoreboard_.slot(index).state.load();
    return state == pool::ChildState::ready || state == pool::ChildState::keepalive ||
           state == pool::ChildState::starting;
}

void ChildPool::ask_to_leave(int slot, ChildRecord& child) {
    child.told_to_leave = true;
    // Whoever serves a request finds the newer generation on the scoreboard afterwards.
    if (waits_for_client(slot)) send_signal(child.pid, SIGUSR1);
}

// The highest idle one, so that the numbers in use stay low.
void ChildPool::retire_one() {
    int chosen = -1;
    table_.each([&](int slot, const ChildRecord& child) {
        const bool idle = scoreboard_.slot(slot).state.load() == pool::ChildState::ready;
        if (idle && !child.told_to_leave) chosen = slot;
    });
    if (chosen >= 0) ask_to_leave(chosen, table_[chosen]);
}

void ChildPool::retire_before(unsigned number) {
    table_.each([&](int slot, ChildRecord& child) {
        if (child.generation != number) ask_to_leave(slot, child);
    });
}

void ChildPool::remind() {
    table_.each([&](int slot, ChildRecord& child) {
        if (child.told_to_leave) ask_to_leave(slot, child);
    });
}

void ChildPool::signal_all(int number) {
    table_.each([&](int, ChildRecord& child) {
        child.told_to_end = true;
        send_signal(child.pid, number);
    });
}

Loss ChildPool::bury(const Generation& generation, const EndedProcess& ended) {
    const auto found = table_.slot_of(ended.pid);
    if (!found) return Loss::not_a_child;
    const ChildRecord child = table_.remove(*found);
    auto& slot = scoreboard_.slot(*found);
    log_child_end(*generation.configuration, child, ended, slot);
    slot.state = pool::ChildState::dead;
    slot.pid = 0;
    scoreboard_.global().highest_slot_in_use = table_.highest();
    if (generation.accept_mutex) generation.accept_mutex->child_ended(ended.pid);
    return weigh(generation, child, ended);
}

// A new configuration may have cured what was fatal to a child of an old one.
Loss ChildPool::weigh(const Generation& generation, const ChildRecord& child,
                      const EndedProcess& ended) {
    if (ended.exit_status == pool::exit_sick) upkeep_.spawn_rate = 1;
    if (ended.exit_status != pool::exit_fatal) return Loss::bearable;
    const bool current = child.generation == generation.number;
    write_main_log(
        *generation.configuration,
        {.module = current ? "core" : "mpm_prefork",
         .level = current ? log::Level::alert : log::Level::warn,
         .text = current
                     ? fmt::format("AH00050: Child {} returned a Fatal error... Apache is exiting!",
                                   ended.pid)
                     : fmt::format("AH00166: Ignoring fatal error in child of previous generation "
                                   "(pid {}).",
                                   ended.pid)});
    return current ? Loss::fatal : Loss::bearable;
}

} // namespace preforkd
