#include "control/maintenance.h"

#include <algorithm>
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

namespace {

// A pool that does what it is told, under a load that keeps up to `wanted_busy` children busy: how
// many children there are after each second.
std::vector<int> history(const std::vector<int>& load, int children, UpkeepState state = {}) {
    constexpr int most = 100;
    std::vector<int> counts;
    for (const int wanted_busy : load) {
        const int idle = children - std::min(wanted_busy, children);
        const auto upkeep = keep_spare_servers(state, {idle, children, most - children}, wanted);
        children += upkeep.fork - (upkeep.retire_one ? 1 : 0);
        counts.push_back(children);
        state = upkeep.next;
    }
    return counts;
}

} // namespace

TEST(Maintenance, ForksForABucketWithoutAnIdleChildThoughOthersHaveMany) {
    const auto upkeep = keep_spare_servers({.spawn_rate = 8}, {7, 20, 100, 2}, wanted);
    EXPECT_EQ(upkeep.fork, 2);
    EXPECT_EQ(upkeep.next.spawn_rate, 1);
    EXPECT_EQ(keep_spare_servers({}, {7, 20, 1, 2}, wanted).fork, 1);
}

TEST(Maintenance, MakesRoomInAFullPoolForABucketWithoutAnIdleChild) {
    const auto upkeep = keep_spare_servers({}, {7, 20, 0, 1}, wanted);
    EXPECT_TRUE(upkeep.retire_one);
    EXPECT_EQ(upkeep.fork, 0);
    EXPECT_FALSE(upkeep.is_full);
    EXPECT_FALSE(keep_spare_servers({}, {7, 20, 1, 1}, wanted).retire_one);
}

// Measured with Apache's own prefork and 120 clients that never finish their request.
TEST(Maintenance, TakesAPoolFromIdleToItsLimitAsApacheDoes) {
    EXPECT_EQ(history(std::vector(9, 120), 5), (std::vector{6, 8, 12, 20, 36, 68, 100, 100, 100}));
}

TEST(Maintenance, TakesAPoolBackOneChildASecond) {
    EXPECT_EQ(history(std::vector(5, 0), 100), (std::vector{99, 98, 97, 96, 95}));
    EXPECT_EQ(history(std::vector(4, 0), 12), (std::vector{11, 10, 10, 10}));
}

TEST(Maintenance, BeginsGentlyAgainWhenTheLoadComesBack) {
    EXPECT_EQ(history({120, 120, 120, 120, 0, 120, 120}, 5),
              (std::vector{6, 8, 12, 20, 19, 20, 22}));
}

TEST(Maintenance, GrowsOneByOneForTenSecondsAfterAGracefulRestart) {
    EXPECT_EQ(history(std::vector(13, 120), 5, {.hold_off = 10}),
              (std::vector{6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 22}));
}

} // namespace preforkd
