#include "control/crash_rate.h"

#include <gtest/gtest.h>

namespace preforkd {

namespace {

using Change = CrashRate::Change;
using std::chrono::milliseconds;
using std::chrono::seconds;

const SteadyClock::time_point first_crash{std::chrono::hours(1)};
constexpr milliseconds young(100);
constexpr seconds grown_up(100);
constexpr int small_pool = 12;

// The changes that `count` crashes, one after the other `apart`, bring.
std::vector<Change> changes(CrashRate& rate, milliseconds age, int count, milliseconds apart,
                            int most_children = small_pool) {
    std::vector<Change> seen;
    for (int i = 0; i < count; ++i) {
        const auto change = rate.child_crashed(first_crash + i * apart, age, most_children);
        if (change != Change::none) seen.push_back(change);
    }
    return seen;
}

} // namespace

TEST(CrashRate, BearsACrashNowAndThen) {
    CrashRate rate;
    EXPECT_TRUE(changes(rate, young, 100, seconds(2)).empty());
    EXPECT_EQ(rate.allow(first_crash, 32), 32);
}

TEST(CrashRate, SlowsDownOnceWhenChildrenDieYoung) {
    CrashRate rate;
    EXPECT_EQ(changes(rate, young, 30, milliseconds(100)),
              std::vector<Change>{Change::slowed_down});
    EXPECT_TRUE(rate.is_slow());
}

TEST(CrashRate, BearsMoreInALargePool) {
    CrashRate small, large;
    EXPECT_FALSE(changes(small, grown_up, 40, milliseconds(100)).empty());
    EXPECT_TRUE(changes(large, grown_up, 40, milliseconds(100), 256).empty());
}

TEST(CrashRate, AllowsOneChildASecondWhileItIsSlow) {
    CrashRate rate;
    changes(rate, young, 6, milliseconds(0));
    EXPECT_EQ(rate.allow(first_crash, 32), 1);
    EXPECT_EQ(rate.allow(first_crash + milliseconds(500), 32), 0);
    EXPECT_EQ(rate.allow(first_crash + seconds(1), 32), 1);
    EXPECT_EQ(rate.allow(first_crash + seconds(2), 0), 0);
    EXPECT_EQ(rate.allow(first_crash + milliseconds(2100), 3), 1);
}

TEST(CrashRate, GoesBackToNormalOnceWhenTheBurstIsTenSecondsAgo) {
    CrashRate rate;
    changes(rate, young, 6, milliseconds(0));
    EXPECT_EQ(rate.second_passed(first_crash + seconds(9)), Change::none);
    EXPECT_EQ(rate.second_passed(first_crash + seconds(10)), Change::back_to_normal);
    EXPECT_EQ(rate.second_passed(first_crash + seconds(11)), Change::none);
    EXPECT_EQ(rate.allow(first_crash + seconds(11), 32), 32);
}

TEST(CrashRate, ForgetsABurstWhenThereAreReasonsTo) {
    CrashRate rate;
    EXPECT_EQ(rate.forget(), Change::none);
    changes(rate, young, 6, milliseconds(0));
    EXPECT_EQ(rate.forget(), Change::back_to_normal);
    EXPECT_EQ(rate.allow(first_crash, 32), 32);
}

TEST(CrashRate, StaysSlowWhileEveryNewChildDies) {
    CrashRate rate;
    changes(rate, young, 6, milliseconds(0));
    for (int second = 1; second < 60; ++second) {
        const auto now = first_crash + seconds(second);
        ASSERT_EQ(rate.allow(now, 4), 1);
        EXPECT_EQ(rate.child_crashed(now, young, small_pool), Change::none);
        EXPECT_EQ(rate.second_passed(now), Change::none);
    }
}

} // namespace preforkd
