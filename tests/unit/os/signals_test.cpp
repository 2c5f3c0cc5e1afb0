#include "os/signals.h"

#include <gtest/gtest.h>
#include <unistd.h>

namespace preforkd {

TEST(SignalQueue, KeepsASignalUntilSomebodyWaits) {
    const SignalQueue queue{SIGUSR2};
    ::kill(::getpid(), SIGUSR2);
    EXPECT_EQ(queue.wait(Deadline::after(std::chrono::seconds(5))), SIGUSR2);
    EXPECT_EQ(queue.wait(Deadline::after(Duration(0))), std::nullopt);
    unblock_all_signals();
}

TEST(SignalQueue, HandsOutAnEndBeforeOthers) {
    const SignalQueue queue{SIGHUP, SIGUSR1, SIGTERM};
    for (const int number : {SIGHUP, SIGUSR1, SIGTERM}) ::kill(::getpid(), number);
    for (const int number : {SIGTERM, SIGHUP, SIGUSR1})
        EXPECT_EQ(queue.wait(Deadline::after(std::chrono::seconds(5))), number);
    unblock_all_signals();
}

TEST(Signals, AreDescribedAsInApachesLog) {
    EXPECT_EQ(describe_signal(SIGSEGV), "Segmentation fault");
    EXPECT_EQ(describe_signal(SIGABRT), "Abort");
    EXPECT_EQ(describe_signal(SIGKILL), "Killed");
}

} // namespace preforkd
