#include "pool/scoreboard.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace preforkd::pool {

TEST(Scoreboard, BeginsWithDeadSlots) {
    auto board = Scoreboard::create(3);
    ASSERT_TRUE(board);
    EXPECT_EQ(board->slots().size(), 3u);
    EXPECT_EQ(board->global().slot_count, 3);
    for (const auto& slot : board->slots()) EXPECT_EQ(slot.state.load(), ChildState::dead);
}

TEST(Scoreboard, ShowsWhatAForkedChildWrites) {
    auto board = Scoreboard::create(2);
    ASSERT_TRUE(board);
    const pid_t child = ::fork();
    if (child == 0) {
        board->slot(1).state = ChildState::writing;
        board->slot(1).request.assign("GET / HTTP/1.1");
        ::_exit(0);
    }
    ::waitpid(child, nullptr, 0);
    EXPECT_EQ(board->slot(1).state.load(), ChildState::writing);
    EXPECT_EQ(board->slot(1).request.view(), "GET / HTTP/1.1");
}

TEST(Scoreboard, CutsTextThatIsTooLong) {
    SharedText<48> text;
    text.assign(std::string(100, 'x'));
    EXPECT_EQ(text.view(), std::string(47, 'x'));
    text.assign("short");
    EXPECT_EQ(text.view(), "short");
}

TEST(Scoreboard, NamesStatesAsTheStatusPageDoes) {
    EXPECT_EQ(letter_of(ChildState::dead), '.');
    EXPECT_EQ(letter_of(ChildState::ready), '_');
    EXPECT_EQ(letter_of(ChildState::idle_kill), 'I');
    EXPECT_EQ(letter_of(static_cast<ChildState>(200)), '?');
}

TEST(Scoreboard, OfTheProcessIsForgottenWithIt) {
    {
        auto board = Scoreboard::create(1);
        ASSERT_TRUE(board);
        Scoreboard::set_current(&*board);
        EXPECT_EQ(Scoreboard::current(), &*board);
    }
    EXPECT_EQ(Scoreboard::current(), nullptr);
}

} // namespace preforkd::pool
