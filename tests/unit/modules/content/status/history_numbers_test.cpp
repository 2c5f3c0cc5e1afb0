#include "unit/modules/content/status/a_pool.h"

namespace preforkd::testing {

namespace {

class HistoryNumbers : public APool {
  protected:
    std::vector<std::int64_t> seconds() {
        std::vector<std::int64_t> result;
        for (const auto& entry : last_minutes()) result.push_back(entry.at - second);
        return result;
    }
};

} // namespace

TEST_F(HistoryNumbers, AreNoneAtTheStart) { EXPECT_TRUE(last_minutes().empty()); }

TEST_F(HistoryNumbers, AreInTheOrderOfTime) {
    // The second at the ring's seam: what is older stands behind what is newer.
    for (std::int64_t ago = 0; ago < 600; ++ago) remember(second - ago, 0, 0, 0);
    const auto all = seconds();
    ASSERT_EQ(all.size(), 600U);
    EXPECT_EQ(all.front(), -599);
    EXPECT_EQ(all.back(), 0);
    EXPECT_TRUE(std::is_sorted(all.begin(), all.end()));
}

TEST_F(HistoryNumbers, LeaveOutWhatIsMissingOrTooOld) {
    remember(second - 600, 1, 1, 1);
    remember(second - 3, 1, 1, 1);
    remember(second - 1, 1, 1, 1);
    EXPECT_EQ(seconds(), (std::vector<std::int64_t>{-3, -1}));
}

TEST_F(HistoryNumbers, AreWhatWasWrittenDown) {
    remember(second, 5, 3, 17);
    const auto entry = last_minutes().at(0);
    EXPECT_EQ(entry.idle, 5U);
    EXPECT_EQ(entry.busy, 3U);
    EXPECT_EQ(entry.requests, 17U);
    EXPECT_EQ(entry.bytes, 17U * 1024);
}

} // namespace preforkd::testing
