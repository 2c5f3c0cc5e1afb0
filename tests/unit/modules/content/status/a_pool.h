// A pool of four slots, of which three may be used, a hundred seconds after its start.
#pragma once

#include <gtest/gtest.h>

#include "modules/content/status/status_text.h"

namespace preforkd::testing {

class APool : public ::testing::Test {
  protected:
    static constexpr std::int64_t second = 1'795'220'590;
    static constexpr std::int64_t now = second * 1'000'000;

    APool() {
        board.global().server_started_at = now - 100'000'000;
        board.global().restarted_at = now - 10'000'000;
        board.global().generation = 3;
        board.global().extended = true;
        board.global().slots_ever_used = 4;
    }
    pool::Slot& child(int number, pool::ChildState state, unsigned generation = 3) {
        auto& slot = board.slot(number);
        slot.pid = 100 + number;
        slot.state = state;
        slot.generation = generation;
        return slot;
    }
    void remember(std::int64_t at, std::uint32_t idle, std::uint32_t busy, std::uint64_t requests) {
        auto& history = board.global().history;
        auto& entry = history[static_cast<std::size_t>(at) % history.size()];
        entry.at = at;
        entry.idle = idle;
        entry.busy = busy;
        entry.requests = requests;
        entry.bytes = requests * 1024;
    }
    status::PoolNumbers count() { return status::count(board, now, 3); }
    std::vector<status::SecondNumbers> last_minutes() {
        return status::last_minutes(board, second);
    }

    pool::Scoreboard board = std::move(pool::Scoreboard::create(4).value());
    status::Surroundings surroundings{
        "site.test", "preforkd/0.1.0 (Unix)", "192.0.2.1", "", {0.5, 1, 2}, 100};
};

} // namespace preforkd::testing
