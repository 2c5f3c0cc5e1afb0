#include "control/service_report.h"

#include <gtest/gtest.h>

namespace preforkd {

TEST(StatusText, SumsUpThePoolAndItsTraffic) {
    auto board = pool::Scoreboard::create(5);
    ASSERT_TRUE(board);
    board->global().extended = true;
    board->global().slots_ever_used = 4;
    for (const int ready : {0, 1, 2}) board->slot(ready).state = pool::ChildState::ready;
    board->slot(3).state = pool::ChildState::writing;
    board->slot(0).requests = 30;
    board->slot(3).requests = 5;
    board->slot(3).bytes = 20480;
    EXPECT_EQ(status_text(*board, std::chrono::seconds(10)),
              "Total requests: 35; Idle/Busy workers 75/25;Requests/sec: 3.5; "
              "Bytes served/sec: 2.0KB/sec");
}

TEST(StatusText, OfAServerThatDidNothingHoldsNoStrangeNumbers) {
    auto board = pool::Scoreboard::create(1);
    ASSERT_TRUE(board);
    board->global().extended = true;
    EXPECT_EQ(status_text(*board, Duration::zero()),
              "Total requests: 0; Idle/Busy workers 0/0;Requests/sec: 0; "
              "Bytes served/sec:   0 B/sec");
}

TEST(StatusText, WithoutExtendedStatusTellsOfThePoolAlone) {
    auto board = pool::Scoreboard::create(2);
    ASSERT_TRUE(board);
    board->global().slots_ever_used = 1;
    board->slot(0).state = pool::ChildState::ready;
    EXPECT_EQ(status_text(*board, std::chrono::seconds(1)), "Idle/Busy workers 100/0");
}

} // namespace preforkd
