#include "pool/scoreboard.h"

#include <csignal>
#include <functional>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/syscall.h>
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

// What a forked process does with the board ends by SIGSEGV, unless the kernel lets it.
int signal_of(const std::function<void()>& deed) {
    const pid_t child = ::fork();
    if (child == 0) {
        ::signal(SIGSEGV, SIG_DFL);
        deed();
        ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

TEST(Scoreboard, LetsAChildWriteToItsOwnSlotOnly) {
    auto board = Scoreboard::create(3);
    ASSERT_TRUE(board);
    board->global().generation = 4;
    const auto write_to = [&](int slot) {
        return signal_of([&] {
            if (!board->write_only_to(1)) ::_exit(1);
            board->slot(slot).requests = board->global().generation.load();
        });
    };
    EXPECT_EQ(write_to(1), 0);
    EXPECT_EQ(board->slot(1).requests, 4u);
    EXPECT_EQ(write_to(0), SIGSEGV);
    EXPECT_EQ(write_to(2), SIGSEGV);
    EXPECT_EQ(signal_of([&] {
                  if (!board->write_only_to(1)) ::_exit(1);
                  board->global().generation = 5;
              }),
              SIGSEGV);
}

TEST(Scoreboard, KeepsAChildFromMakingItWritableAgain) {
    auto board = Scoreboard::create(3);
    ASSERT_TRUE(board);
    EXPECT_EQ(signal_of([&] {
                  if (!board->write_only_to(1)) ::_exit(1);
                  auto* page = &board->slot(2);
                  if (::mprotect(page, page_size, PROT_READ | PROT_WRITE) != 0) ::raise(SIGTRAP);
              }),
              SIGTRAP);
}

TEST(Scoreboard, KeepsAChildFromMovingItsSlotOverTheRest) {
    auto board = Scoreboard::create(3);
    ASSERT_TRUE(board);
    EXPECT_EQ(signal_of([&] {
                  if (!board->write_only_to(1)) ::_exit(1);
                  if (::remap_file_pages(&board->slot(1), page_size, 0, 0, 0) != 0)
                      ::raise(SIGTRAP);
              }),
              SIGTRAP);
}

TEST(Scoreboard, KeepsAChildFromGrowingItsSlotOverTheNext) {
    auto board = Scoreboard::create(3);
    ASSERT_TRUE(board);
    const bool can = ::syscall(462, nullptr, 0, 0) == 0; // mseal
    if (!can) GTEST_SKIP() << "the kernel cannot fix a mapping";
    EXPECT_EQ(signal_of([&] {
                  if (!board->write_only_to(1)) ::_exit(1);
                  if (::mremap(&board->slot(1), page_size, 2 * page_size, MREMAP_MAYMOVE) ==
                      MAP_FAILED)
                      ::raise(SIGTRAP);
              }),
              SIGTRAP);
}

TEST(Scoreboard, IsAFileWhereOneIsAskedForAndRemovesIt) {
    const std::string path = ::testing::TempDir() + "scoreboard." + std::to_string(::getpid());
    {
        auto board = Scoreboard::create(2, path);
        ASSERT_TRUE(board);
        EXPECT_EQ(::access(path.c_str(), F_OK), 0);
    }
    EXPECT_NE(::access(path.c_str(), F_OK), 0);
}

TEST(Scoreboard, CutsTextThatIsTooLong) {
    SharedText<64> text;
    text.assign(std::string(100, 'x'));
    EXPECT_EQ(text.view(), std::string(63, 'x'));
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
