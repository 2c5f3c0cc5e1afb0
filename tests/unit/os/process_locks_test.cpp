#include "os/process_locks.h"

#include <csignal>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace preforkd {

namespace {

// A process that has taken a lock when this returns, and keeps it.
struct Holder {
    Holder(const ProcessLocks& locks, int number) {
        int ready[2];
        EXPECT_EQ(::pipe(ready), 0);
        pid = ::fork();
        if (pid == 0) {
            if (!locks.lock(number) || ::write(ready[1], "x", 1) != 1) ::_exit(1);
            for (;;) ::pause();
        }
        ::close(ready[1]);
        char byte;
        EXPECT_EQ(::read(ready[0], &byte, 1), 1);
        ::close(ready[0]);
    }
    ~Holder() { end(); }
    void end() {
        if (pid <= 0) return;
        ::kill(pid, SIGKILL);
        ::waitpid(pid, nullptr, 0);
        pid = 0;
    }
    pid_t pid;
};

} // namespace

TEST(ProcessLocks, AreNotGivenToTwo) {
    const auto locks = ProcessLocks::create();
    ASSERT_TRUE(locks);
    const Holder holder(*locks, 3);
    EXPECT_FALSE(locks->lock(3));
    EXPECT_TRUE(locks->lock(2));
    EXPECT_TRUE(locks->lock(4));
}

TEST(ProcessLocks, AreFreeAfterTheyWereGivenBack) {
    const auto locks = ProcessLocks::create();
    ASSERT_TRUE(locks);
    ASSERT_TRUE(locks->lock(0));
    locks->unlock(0);
    const Holder holder(*locks, 0);
}

TEST(ProcessLocks, AreFreeWhenTheirHolderIsKilled) {
    const auto locks = ProcessLocks::create();
    ASSERT_TRUE(locks);
    Holder holder(*locks, 0);
    ASSERT_FALSE(locks->lock(0));
    holder.end();
    EXPECT_TRUE(locks->lock(0));
}

} // namespace preforkd
