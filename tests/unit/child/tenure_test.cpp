#include "child/tenure.h"

#include <gtest/gtest.h>
#include <set>

namespace preforkd {
namespace {

using config::ProcessSettings;

std::uint32_t connections_of(const ProcessSettings& settings) {
    Tenure tenure(settings);
    std::uint32_t served = 1;
    while (!tenure.is_over_after(served)) ++served;
    return served;
}

TEST(Tenure, EndsWithMaxConnectionsPerChild) {
    ProcessSettings settings;
    settings.max_connections_per_child = 3;
    EXPECT_EQ(connections_of(settings), 3u);
}

TEST(Tenure, HasNoEndWithoutALimit) {
    Tenure tenure{ProcessSettings{}};
    EXPECT_FALSE(tenure.is_over_after(4'000'000'000u));
}

TEST(Tenure, EndsAtDifferentTimesWithJitter) {
    ProcessSettings settings;
    settings.max_connections_per_child = 10;
    settings.max_connections_per_child_jitter = 10;
    std::set<std::uint32_t> ends;
    for (int child = 0; child < 100; ++child) ends.insert(connections_of(settings));
    EXPECT_GE(*ends.begin(), 10u);
    EXPECT_LE(*ends.rbegin(), 20u);
    EXPECT_GT(ends.size(), 3u);
}

TEST(Tenure, EndsWhenTheChildHasGrownTooLargeAndSaysSo) {
    ProcessSettings settings;
    settings.max_memory_per_child = std::size_t{1} << 40;
    Tenure small(settings);
    EXPECT_FALSE(small.is_over_after(1));
    EXPECT_TRUE(small.reason().empty());
    settings.max_memory_per_child = 4096;
    Tenure large(settings);
    EXPECT_TRUE(large.is_over_after(7));
    EXPECT_NE(large.reason().find("more than the 4 KiB of MaxMemoryPerChild"), std::string::npos);
}

} // namespace
} // namespace preforkd
