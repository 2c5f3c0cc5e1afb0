#include "control/child_pool.h"

#include <algorithm>
#include <csignal>
#include <fmt/format.h>

#include "child/child_process.h"
#include "child/main_log.h"
#include "control/child_end.h"
#include "control/child_watch.h"
#include "control/own_crash.h"
#include "os/signals.h"
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

int ChildPool::fork_children(Generation& generation, int count) {
    count = std::min(count, room(generation));
    if (SteadyClock::now() < no_fork_before_) return 0;
    count = crash_rate_.allow(SteadyClock::now(), count);
    for (int forked = 0; forked < count; ++forked) {
        const auto slot = table_.free_slot();
        if (!slot || !fork_child(generation, *slot, neediest_bucket(generation))) return forked;
    }
    return std::max(count, 0);
}

bool ChildPool::has_begun(const Generation& generation) {
    bool has_child = count() == 0 || room(generation) == 0;
    table_.each([&](int, const ChildRecord& child) {
        if (child.generation == generation.number) has_child = true;
    });
    return has_child;
}

bool ChildPool::fork_child(Generation& generation, int slot, int bucket) {
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
        wait_before_forking();
        return false;
    }
    if (*pid == 0) become_child(generation, slot, bucket, control);
    pause_ = std::chrono::seconds(0);
    scoreboard_.slot(slot).pid = *pid;
    table_.add(slot, *pid, generation.number, bucket);
    global.highest_slot_in_use = table_.highest();
    return true;
}

void ChildPool::become_child(Generation& generation, int slot, int bucket, pid_t control) {
    forget_own_crash();
            generation.predecessor.reset(); // its listeners and logs are not for this child
    generation.listeners.keep_bucket(bucket);
    end_process(run_child({*generation.configuration, *generation.hosts,
                           generation.listeners.of_bucket(bucket),
                           generation.accept_mutex_of(bucket), scoreboard_, slot, generation.number,
                           generation.identity ? &*generation.identity : nullptr, control,
                           generation.child_init, generation.child_exit, generation.log_programs}));
}

// What the system lacks it may have again soon, but asking for it at once makes it worse. Where
// nobody is free to serve, asking is all there is to do.
void ChildPool::wait_before_forking() {
    using std::chrono::seconds;
    pause_ = std::clamp(2 * pause_, seconds(1), seconds(count_idle() > 0 ? 4 : 1));
    no_fork_before_ = SteadyClock::now() + pause_;
}

// What belonged to the last child; the slot's own sums stay.
void ChildPool::clear_slot(int index) {
    auto& slot = scoreboard_.slot(index);
    slot.connections = 0;
    slot.child_requests = 0;
    slot.note.assign({});
    slot.child_bytes = 0;
    slot.connection_requests = 0;
    slot.connection_bytes = 0;
    slot.request_limit = 0;
    slot.state_since = 0;
    slot.trace.signal = 0;
    slot.trace.address = 0;
    slot.trace.depth = 0;
}

int ChildPool::count_idle() {
    int idle = 0;
    table_.each([&](int slot, const ChildRecord&) {
        if (is_idle(slot)) ++idle;
    });
    return idle;
}

// One that is stopped waits for nothing.
bool ChildPool::is_idle(int slot) const {
    if (table_[slot].stopped_since) return false;
    const auto state = scoreboard_.slot(slot).state.load();
    return state == pool::ChildState::starting || state == pool::ChildState::ready;
}

std::vector<ChildPool::BucketCount> ChildPool::count_buckets(const Generation& generation) {
    std::vector<BucketCount> counts(static_cast<std::size_t>(generation.listeners.buckets));
    table_.each([&](int slot, const ChildRecord& child) {
        if (child.generation != generation.number || child.told_to_leave) return;
        auto& count = counts[static_cast<std::size_t>(child.bucket)];
        ++count.children;
        if (is_idle(slot)) ++count.idle;
    });
    return counts;
}

// Where a new child is missed most.
int ChildPool::neediest_bucket(const Generation& generation) {
    if (generation.listeners.buckets == 1) return 0;
    const auto counts = count_buckets(generation);
    const auto found = std::min_element(
        counts.begin(), counts.end(), [](const BucketCount& a, const BucketCount& b) {
            return std::pair(a.idle, a.children) < std::pair(b.idle, b.children);
        });
    return static_cast<int>(found - counts.begin());
}

void ChildPool::watch_children(const Generation& generation) {
    watch_for_stops(table_, scoreboard_, generation);
    end_hanging_requests(table_, scoreboard_);
    say_change(generation, crash_rate_.second_passed(SteadyClock::now()));
}

void ChildPool::hope_for_the_best(const Generation& generation) {
    say_change(generation, crash_rate_.forget());
    no_fork_before_ = {};
    pause_ = std::chrono::seconds(0);
}

void ChildPool::keep_spare_servers(Generation& generation) {
    const auto buckets = count_buckets(generation);
    const auto starved = std::count_if(buckets.begin(), buckets.end(),
                                       [](const BucketCount& count) { return count.idle == 0; });
    const PoolCount count{count_idle(), table_.count(), room(generation),
                          buckets.size() > 1 ? static_cast<int>(starved) : 0};
    scoreboard_.global().exhausted = count.idle == 0 && count.free == 0;
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
    if (upkeep.retire_one) retire_one(generation);
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

// The highest idle one of the bucket that has most, so that the numbers in use stay low.
void ChildPool::retire_one(const Generation& generation) {
    const auto counts = count_buckets(generation);
    const auto most = std::max_element(
        counts.begin(), counts.end(),
        [](const BucketCount& a, const BucketCount& b) { return a.idle < b.idle; });
    const int bucket = static_cast<int>(most - counts.begin());
    int chosen = -1;
    table_.each([&](int slot, const ChildRecord& child) {
        const bool idle = scoreboard_.slot(slot).state.load() == pool::ChildState::ready;
        if (idle && !child.stopped_since && !child.told_to_leave && child.bucket == bucket)
            chosen = slot;
    });
    if (chosen >= 0) ask_to_leave(chosen, table_[chosen]);
}

void ChildPool::retire_before(unsigned number) {
    scoreboard_.global().generation = number;
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
    count_crash(generation, child, ended);
    slot.state = pool::ChildState::dead;
    slot.pid = 0;
    scoreboard_.global().highest_slot_in_use = table_.highest();
    for (const auto* its = &generation; its; its = its->predecessor.get())
        for (const auto& mutex : its->accept_mutexes) mutex->child_ended(ended.pid);
    return weigh(generation, child, ended);
}

void ChildPool::count_crash(const Generation& generation, const ChildRecord& child,
                            const EndedProcess& ended) {
    // SIGKILL and SIGTERM are somebody's will, a shortage is the system's: no fault of the child.
    const bool is_innocent =
        ended.signal == SIGKILL || ended.signal == SIGTERM || ended.exit_status == pool::exit_sick;
    if (is_innocent || !is_unexpected(child, ended) || ended_for_hanging(child, ended)) return;
    const auto now = SteadyClock::now();
    say_change(generation, crash_rate_.child_crashed(now, now - child.forked_at,
                                                     generation.settings.max_request_workers));
}

void ChildPool::say_change(const Generation& generation, CrashRate::Change change) const {
    if (change == CrashRate::Change::slowed_down)
        say(generation, log::Level::error,
            fmt::format("children crash: {} in the last 10 seconds; forking slows down to one a "
                        "second",
                        crash_rate_.recent()));
    if (change == CrashRate::Change::back_to_normal)
        say(generation, log::Level::notice, "children crash no more; forking is back to normal");
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
