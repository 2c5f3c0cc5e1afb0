#include "config/pool_limits.h"

#include <gtest/gtest.h>

namespace preforkd::config {
namespace {

ProcessSettings pool(int server_limit, int workers) {
    ProcessSettings settings;
    settings.server_limit = server_limit;
    settings.max_request_workers = workers;
    return settings;
}

TEST(PoolLimits, LeavesTheDefaultsAlone) {
    const AdjustedPool adjusted = adjust_pool_limits({}, {});
    EXPECT_TRUE(adjusted.warnings.empty());
    EXPECT_EQ(adjusted.settings.max_request_workers, 256);
    EXPECT_EQ(adjusted.settings.max_spare_servers, 10);
}

TEST(PoolLimits, DecreasesMaxRequestWorkersToServerLimit) {
    const AdjustedPool adjusted = adjust_pool_limits(pool(256, 500), {});
    EXPECT_EQ(adjusted.settings.max_request_workers, 256);
    ASSERT_EQ(adjusted.warnings.size(), 1u);
    EXPECT_EQ(
        adjusted.warnings[0].at_start,
        "AH00180: WARNING: MaxRequestWorkers of 500 exceeds ServerLimit value of 256 servers, "
        "decreasing MaxRequestWorkers to 256. To increase, please see the ServerLimit "
        "directive.");
    EXPECT_EQ(adjusted.warnings[0].at_restart,
              "AH00181: MaxRequestWorkers of 500 exceeds ServerLimit value of 256, decreasing to "
              "match");
}

TEST(PoolLimits, DecreasesServerLimitToWhatCanBe) {
    const AdjustedPool adjusted = adjust_pool_limits(pool(300000, 100), {});
    EXPECT_EQ(adjusted.settings.server_limit, highest_server_limit);
    ASSERT_EQ(adjusted.warnings.size(), 1u);
    EXPECT_EQ(adjusted.warnings[0].at_start,
              "AH00175: WARNING: ServerLimit of 300000 exceeds compile-time limit of 200000 "
              "servers, decreasing to 200000.");
    EXPECT_EQ(adjusted.warnings[0].at_restart,
              "AH00176: ServerLimit of 300000 exceeds compile-time limit of 200000, decreasing to "
              "match");
}

TEST(PoolLimits, LowersWorkersAfterServerLimitWasRaisedToOne) {
    const AdjustedPool adjusted = adjust_pool_limits(pool(0, 256), {});
    EXPECT_EQ(adjusted.settings.server_limit, 1);
    EXPECT_EQ(adjusted.settings.max_request_workers, 1);
    ASSERT_EQ(adjusted.warnings.size(), 2u);
    EXPECT_EQ(adjusted.warnings[0].at_start,
              "AH00177: WARNING: ServerLimit of 0 not allowed, increasing to 1.");
}

TEST(PoolLimits, KeepsTheRunningServerLimitAtARestart) {
    const AdjustedPool adjusted = adjust_pool_limits(pool(300, 300), 20);
    EXPECT_EQ(adjusted.settings.server_limit, 20);
    EXPECT_EQ(adjusted.settings.max_request_workers, 20);
    ASSERT_EQ(adjusted.warnings.size(), 2u);
    EXPECT_EQ(adjusted.warnings[0].at_start, "");
    EXPECT_EQ(adjusted.warnings[0].at_restart,
              "AH00179: changing ServerLimit to 300 from original value of 20 not allowed during "
              "restart");
}

TEST(PoolLimits, RaisesWhatWouldLeaveNoChildren) {
    ProcessSettings settings = pool(256, 0);
    settings.start_servers = 0;
    settings.min_spare_servers = -3;
    const AdjustedPool adjusted = adjust_pool_limits(settings, {});
    EXPECT_EQ(adjusted.settings.max_request_workers, 1);
    EXPECT_EQ(adjusted.settings.start_servers, 1);
    EXPECT_EQ(adjusted.settings.min_spare_servers, 1);
    ASSERT_EQ(adjusted.warnings.size(), 3u);
    EXPECT_EQ(adjusted.warnings[0].at_restart,
              "AH00183: MaxRequestWorkers of 0 not allowed, increasing to 1");
    EXPECT_EQ(adjusted.warnings[1].at_restart,
              "AH00185: StartServers of 0 not allowed, increasing to 1");
    EXPECT_EQ(
        adjusted.warnings[2].at_start,
        "AH00186: WARNING: MinSpareServers of -3 not allowed, increasing to 1 to avoid almost "
        "certain server failure. Please read the documentation.");
}

TEST(PoolLimits, KeepsMaxSpareServersAboveMinSpareServersWithoutAWord) {
    ProcessSettings settings;
    settings.min_spare_servers = 20;
    const AdjustedPool adjusted = adjust_pool_limits(settings, {});
    EXPECT_EQ(adjusted.settings.max_spare_servers, 21);
    EXPECT_TRUE(adjusted.warnings.empty());
}

} // namespace
} // namespace preforkd::config
