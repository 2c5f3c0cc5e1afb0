#include "os/process.h"

#include <csignal>
#include <gtest/gtest.h>
#include <unistd.h>

namespace preforkd {

namespace {

EndedProcess wait_for_end_of(pid_t pid) {
    for (;;) {
        if (const auto ended = reap_ended_process(); ended && ended->pid == pid) return *ended;
        ::usleep(100);
    }
}

} // namespace

TEST(Process, TellsHowItEnded) {
    auto pid = fork_process();
    ASSERT_TRUE(pid);
    if (*pid == 0) end_process(7);
    auto ended = wait_for_end_of(*pid);
    EXPECT_EQ(ended.exit_status, 7);
    EXPECT_EQ(ended.signal, 0);

    pid = fork_process();
    ASSERT_TRUE(pid);
    if (*pid == 0)
        for (;;) ::pause();
    EXPECT_TRUE(send_signal(*pid, SIGKILL));
    EXPECT_EQ(wait_for_end_of(*pid).signal, SIGKILL);
}

TEST(Process, EndsWithItsParentOnlyIfThatStillLives) {
    const pid_t us = current_process();
    auto pid = fork_process();
    ASSERT_TRUE(pid);
    if (*pid == 0) end_process(end_with_parent(us, SIGTERM) && !end_with_parent(1234567, SIGTERM));
    EXPECT_EQ(wait_for_end_of(*pid).exit_status, 1);
}

TEST(Process, ThatIsAnOrphanIsNoChildOfOurs) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t us = current_process();
    const auto pid = fork_orphan([&] {
        const bool ours = ::getppid() == us;
        [[maybe_unused]] const ssize_t written = ::write(ends[1], ours ? "y" : "n", 1);
        end_process(0);
    });
    ASSERT_TRUE(pid) << pid.error().what;
    char ours = '?';
    EXPECT_EQ(::read(ends[0], &ours, 1), 1);
    EXPECT_EQ(ours, 'n');
    EXPECT_NE(*pid, us);
    EXPECT_FALSE(reap_ended_process());
    ::close(ends[0]);
    ::close(ends[1]);
}

TEST(Process, HasNothingToReapWithoutChildren) { EXPECT_FALSE(reap_ended_process()); }

} // namespace preforkd
