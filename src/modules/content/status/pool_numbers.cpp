#include "modules/content/status/pool_numbers.h"

#include <algorithm>

namespace preforkd::status {

using pool::ChildState;

namespace {

constexpr std::int64_t micros_per_second = 1'000'000;
constexpr std::int64_t micros_per_millisecond = 1'000;

std::int64_t whole_seconds(std::int64_t from, std::int64_t until) {
    return std::max<std::int64_t>(until - from, 0) / micros_per_second;
}

// Since the last request began, in whole seconds; and how long it took.
void read_times(SlotNumbers& numbers, const pool::Slot& slot, std::int64_t now) {
    const std::int64_t started = slot.started_at, finished = slot.finished_at;
    if (started == 0) return;
    const std::int64_t used = std::max(started, finished);
    numbers.seconds_since_request = whole_seconds(used, now);
    numbers.last_duration = std::max<std::int64_t>(finished - started, 0) / micros_per_millisecond;
}

SlotNumbers read_slot(const pool::Slot& slot, int number, std::int64_t now) {
    SlotNumbers numbers;
    numbers.number = number;
    numbers.pid = slot.pid;
    numbers.generation = slot.generation;
    numbers.state = slot.state;
    numbers.requests = slot.requests;
    numbers.child_requests = slot.child_requests;
    numbers.bytes = slot.bytes;
    numbers.child_bytes = slot.child_bytes;
    numbers.connections = slot.connections;
    numbers.total_duration =
        static_cast<std::int64_t>(slot.total_micros.load()) / micros_per_millisecond;
    numbers.cpu_user_ticks = slot.cpu_user_ticks;
    numbers.cpu_system_ticks = slot.cpu_system_ticks;
    numbers.client = slot.client.view();
    numbers.server = slot.server.view();
    numbers.request = slot.request.view();
    numbers.note = slot.note.view();
    if (numbers.state != ChildState::ready) {
        numbers.connection_requests = slot.connection_requests;
        numbers.connection_bytes = slot.connection_bytes;
    }
    read_times(numbers, slot, now);
    if (const std::int64_t since = slot.state_since; since > 0)
        numbers.micros_in_state = std::max<std::int64_t>(now - since, 0);
    return numbers;
}

void count_state(PoolNumbers& pool, const SlotNumbers& slot) {
    if (slot.pid == 0) return;
    const bool is_old = slot.generation != pool.generation;
    switch (slot.state) {
    case ChildState::dead:
    case ChildState::starting:
    case ChildState::idle_kill: return;
    case ChildState::ready:
        if (!is_old) ++pool.idle;
        return;
    default:
        ++pool.busy;
        if (is_old || slot.state == ChildState::graceful) ++pool.graceful;
    }
}

void add_totals(PoolNumbers& pool, const SlotNumbers& slot) {
    pool.requests += slot.requests;
    pool.bytes += slot.bytes;
    pool.duration += slot.total_duration;
    pool.cpu_user_ticks += slot.cpu_user_ticks;
    pool.cpu_system_ticks += slot.cpu_system_ticks;
}

} // namespace

bool SlotNumbers::has_story() const {
    return requests > 0 || (state != ChildState::ready && state != ChildState::dead);
}

int count_in(const PoolNumbers& pool, ChildState state) {
    return static_cast<int>(
        std::count_if(pool.slots.begin(), pool.slots.end(), [state](const SlotNumbers& slot) {
            return slot.pid != 0 && slot.state == state;
        }));
}

PoolNumbers count(const pool::Scoreboard& board, std::int64_t now, int limit) {
    const auto& global = board.global();
    PoolNumbers pool;
    pool.now = now / micros_per_second;
    pool.started = global.server_started_at / micros_per_second;
    pool.restarted = global.restarted_at / micros_per_second;
    pool.uptime = whole_seconds(global.restarted_at, now);
    pool.age = whole_seconds(global.server_started_at, now);
    pool.generation = global.generation;
    pool.extended = global.extended;
    const auto slots = board.used_slots();
    pool.limit = std::min(limit, static_cast<int>(board.slots().size()));
    for (std::size_t i = 0; i < slots.size(); ++i) {
        const int number = static_cast<int>(i);
        if (number >= pool.limit && slots[i].state == ChildState::dead) continue;
        SlotNumbers slot = read_slot(slots[i], number, now);
        count_state(pool, slot);
        add_totals(pool, slot);
        pool.letters += pool::letter_of(slot.state);
        pool.slots.push_back(std::move(slot));
    }
    const auto shown = static_cast<std::size_t>(pool.limit);
    if (pool.letters.size() < shown) pool.letters.resize(shown, letter_of(ChildState::dead));
    return pool;
}

} // namespace preforkd::status
