#include "control/history.h"

#include <gtest/gtest.h>

namespace preforkd {

namespace {

pool::Scoreboard board_of(int used) {
    auto board = std::move(pool::Scoreboard::create(8).value());
    board.global().slots_ever_used = used;
    return board;
}

void child(pool::Scoreboard& board, int number, pool::ChildState state, unsigned requests) {
    auto& slot = board.slot(number);
    slot.pid = 100 + number;
    slot.state = state;
    slot.requests = requests;
    slot.bytes = requests * 1000;
}

} // namespace

TEST(History, AddsUpTheSlotsThatWereEverUsed) {
    auto board = board_of(4);
    child(board, 0, pool::ChildState::ready, 3);
    child(board, 1, pool::ChildState::keepalive, 4);
    child(board, 2, pool::ChildState::writing, 0);
    child(board, 3, pool::ChildState::dead, 5);
    board.slot(3).pid = 0;
    child(board, 4, pool::ChildState::writing, 9); // beyond: cannot be
    record_second(board, 1'795'220'590);
    const auto& entry = board.global().history[1'795'220'590 % 600];
    EXPECT_EQ(entry.at, 1'795'220'590);
    EXPECT_EQ(entry.idle, 1U);
    EXPECT_EQ(entry.busy, 2U);
    EXPECT_EQ(entry.requests, 12U);
    EXPECT_EQ(entry.bytes, 12'000U);
}

TEST(History, WritesOverWhatIsTenMinutesOld) {
    auto board = board_of(1);
    record_second(board, 1200);
    child(board, 0, pool::ChildState::ready, 7);
    record_second(board, 1201);
    record_second(board, 1800);
    EXPECT_EQ(board.global().history[0].at, 1800);
    EXPECT_EQ(board.global().history[0].requests, 7U);
    EXPECT_EQ(board.global().history[1].at, 1201);
    EXPECT_EQ(board.global().history[2].at, 0);
}

} // namespace preforkd
