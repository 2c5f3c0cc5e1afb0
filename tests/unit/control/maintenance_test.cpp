#include "control/maintenance.h"

#include <gtest/gtest.h>
#include <vector>

namespace preforkd {

namespace {

constexpr SpareServers wanted{5, 10};

// How many children are forked in each of `seconds`, with never an idle one.
std::vector<int> growth(UpkeepState state, int seconds, int room = 1000) {
    std::vector<int> forks;
    for (int i = 0; i < seconds; ++i) {
        const auto upkeep = keep_spare_servers(state, {0, i, room}, wanted);
        forks.push_back(upkeep.fork);
        state = upkeep.next;
    }
    return forks;
}

} // namespace

TEST(Maintenance, LeavesAPoolAloneThatHasSparesWithinBounds) {
    for (const int idle : {5, 7, 10}) {
        const auto upkeep = keep_spare_servers({}, {idle, 20, 100}, wanted);
        EXPECT_EQ(upkeep.fork, 0);
        EXPECT_FALSE(upkeep.retire_one);
    }
}

TEST(Maintenance, DoublesFromSecondToSecondUpToThirtyTwo) {
    EXPECT_EQ(growth({}, 8), (std::vector{1, 2, 4, 8, 16, 32, 32, 32}));
}

TEST(Maintenance, HoldsTheDoublingOffAfterAGracefulRestart) {
    EXPECT_EQ(growth({.hold_off = 3}, 6), (std::vector{1, 1, 1, 1, 2, 4}));
}

TEST(Maintenance, ForksNoMoreThanThereIsRoomFor) {
    EXPECT_EQ(growth({.spawn_rate = 32}, 1, 7), std::vector{7});
}

TEST(Maintenance, BeginsAgainWithOneOnceThePoolIsFine) {
    const auto upkeep = keep_spare_servers({.spawn_rate = 16}, {5, 20, 100}, wanted);
    EXPECT_EQ(upkeep.next.spawn_rate, 1);
}

TEST(Maintenance, CallsItBusyFromEightChildrenASecondOn) {
    EXPECT_FALSE(keep_spare_servers({.spawn_rate = 4}, {0, 9, 100}, wanted).is_busy);
    EXPECT_TRUE(keep_spare_servers({.spawn_rate = 8}, {0, 9, 100}, wanted).is_busy);
}

TEST(Maintenance, RetiresOneChildASecondWhenTooManyAreIdle) {
    const auto upkeep = keep_spare_servers({}, {11, 20, 100}, wanted);
    EXPECT_TRUE(upkeep.retire_one);
    EXPECT_EQ(upkeep.fork, 0);
}

TEST(Maintenance, ComplainsOfAFullPoolAtOnceAndThenOnceAMinute) {
    UpkeepState state;
    std::vector<int> seconds, refused;
    for (int second = 0; second < 130; ++second) {
        const auto upkeep = keep_spare_servers(state, {0, 100, 0}, wanted);
        EXPECT_EQ(upkeep.fork, 0);
        if (upkeep.is_full) {
            seconds.push_back(second);
            refused.push_back(upkeep.refused_seconds);
        }
        state = upkeep.next;
    }
    EXPECT_EQ(seconds, (std::vector{0, 60, 120}));
    EXPECT_EQ(refused, (std::vector{1, 60, 60}));
}

} // namespace preforkd
