// What the status page tells of the pool, counted once for all its forms.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "pool/scoreboard.h"

namespace preforkd::status {

// A slot as it stood when it was looked at: its child goes on writing meanwhile.
struct SlotNumbers {
    int number = 0;
    pid_t pid = 0;
    unsigned generation = 0;
    pool::ChildState state = pool::ChildState::dead;
    std::uint64_t requests = 0, child_requests = 0, connection_requests = 0;
    std::uint64_t bytes = 0, child_bytes = 0, connection_bytes = 0;
    std::uint32_t connections = 0;
    std::int64_t seconds_since_request = 0;
    std::int64_t micros_in_state = 0;
    std::int64_t last_duration = 0;  // milliseconds
    std::int64_t total_duration = 0; // milliseconds
    std::int64_t cpu_user_ticks = 0, cpu_system_ticks = 0;
    std::string client, server, request;
    std::string note; // a module's

    // Whether it is worth a row: something happens in it, or has happened.
    bool has_story() const;
};

struct PoolNumbers {
    std::int64_t now = 0, started = 0, restarted = 0; // seconds since 1970
    std::int64_t uptime = 0, age = 0;                 // since the restart, and since the start
    unsigned generation = 0;
    bool extended = false;
    int busy = 0, graceful = 0, idle = 0;
    int limit = 0; // of children at a time
    std::uint64_t requests = 0, bytes = 0;
    std::int64_t duration = 0; // milliseconds
    std::int64_t cpu_user_ticks = 0, cpu_system_ticks = 0;
    std::string letters;            // one a slot that may be used
    std::vector<SlotNumbers> slots; // those of them that some child has had
};

// All states but that of an empty slot.
inline constexpr std::array living_states{pool::ChildState::starting,  pool::ChildState::ready,
                                          pool::ChildState::reading,   pool::ChildState::writing,
                                          pool::ChildState::keepalive, pool::ChildState::logging,
                                          pool::ChildState::dns,       pool::ChildState::closing,
                                          pool::ChildState::graceful,  pool::ChildState::idle_kill};
int count_in(const PoolNumbers& pool, pool::ChildState state);

// `now` in microseconds since 1970. Slots from `limit` on count where a child lives in one still.
PoolNumbers count(const pool::Scoreboard& board, std::int64_t now, int limit);

} // namespace preforkd::status
