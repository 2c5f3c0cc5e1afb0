#include "os/stack_trace.h"

#include <array>
#include <csignal>
#include <gtest/gtest.h>
#include <unistd.h>

#include "os/signals.h"

namespace preforkd {

namespace {

std::array<std::uintptr_t, 16> frames;
std::size_t depth = 0;
SignalFacts heard;

void listen_to(const SignalFacts& facts) {
    heard = facts;
    depth = take_stack(facts.place, frames);
}

} // namespace

TEST(StackTrace, BeginsWhereTheSignalCame) {
    prepare_stack_traces();
    handle_on_own_stack(SIGUSR2, listen_to);
    ::raise(SIGUSR2);
    default_signal(SIGUSR2);
    ASSERT_GT(depth, 2U);
    EXPECT_EQ(heard.number, SIGUSR2);
    EXPECT_EQ(frames[0], heard.place);
    EXPECT_NE(describe_code(frames[0]).find("libc"), std::string::npos);
}

TEST(StackTrace, HasNoMoreFramesThanThereIsRoom) {
    handle_on_own_stack(SIGUSR2, [](const SignalFacts& facts) {
        depth = take_stack(facts.place, std::span(frames).first(2));
    });
    ::raise(SIGUSR2);
    default_signal(SIGUSR2);
    EXPECT_EQ(depth, 2U);
    EXPECT_EQ(take_stack(0, {}), 0U);
}

TEST(StackTrace, OfAJumpToNowhereIsThatPlace) {
    EXPECT_EQ(take_stack(0, frames), 1U);
    EXPECT_EQ(frames[0], 0U);
}

TEST(StackTrace, NamesAFunctionOfALibrary) {
    const auto text = describe_code(reinterpret_cast<std::uintptr_t>(&::getpid) + 1);
    EXPECT_NE(text.find("(+0x"), std::string::npos) << text;
    EXPECT_TRUE(text.ends_with("getpid")) << text;
}

TEST(StackTrace, LooksUpAnythingWithoutTouchingIt) {
    for (const std::uintptr_t address : {0UL, 1UL, 0x8000000000000000UL, ~0UL})
        EXPECT_EQ(describe_code(address).front(), '[');
}

TEST(Signals, CarryAValueWithTheNameOfTheSender) {
    handle_on_own_stack(SIGUSR2, listen_to);
    ASSERT_TRUE(send_signal_with_value(::getpid(), SIGUSR2, 0xfedcba98));
    default_signal(SIGUSR2);
    EXPECT_EQ(heard.queued_by, ::getpid());
    EXPECT_EQ(heard.value, 0xfedcba98);
}

TEST(Signals, ADeadlyOneEndsTheProcessAfterItsHandlerEvenOnAFullStack) {
    EXPECT_EXIT(
        {
            handle_on_own_stack(SIGSEGV, [](const SignalFacts& facts) {
                [[maybe_unused]] const auto written = ::write(2, "handled\n", 8);
                die_of_signal(facts.number);
            });
            struct Deep {
                static int dig(volatile int* above) {
                    volatile int below[1000];
                    below[0] = *above;
                    return dig(below) + below[0];
                }
            };
            volatile int top = 1;
            Deep::dig(&top);
        },
        testing::KilledBySignal(SIGSEGV), "handled");
}

} // namespace preforkd
