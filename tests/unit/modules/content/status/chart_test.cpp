#include <gtest/gtest.h>

#include "modules/content/status/chart.h"

namespace preforkd::testing {

using status::SecondNumbers;

namespace {

constexpr std::int64_t now = 10'000;

double busy(const SecondNumbers&, const SecondNumbers& second) { return second.busy; }

double requests(const SecondNumbers& before, const SecondNumbers& second) {
    return growth(before, second, &SecondNumbers::requests);
}

std::string chart(status::History history, double top) {
    return status::chart_text(history, now, top, std::array{status::Curve{"busy", busy}});
}

} // namespace

TEST(Chart, IsAGridAloneWithoutAHistory) {
    EXPECT_EQ(chart({}, 8), "<svg viewBox=\"0 0 600 100\" preserveAspectRatio=\"none\" "
                            "aria-hidden=\"true\"><path class=\"grid\" "
                            "d=\"M0 .5H600M0 50H600M300 0V100\"/></svg>");
}

TEST(Chart, PutsNowAtTheRightEdgeAndTheTopAtTheUpperOne) {
    const std::array history{SecondNumbers{.at = now - 600 + 1, .busy = 0},
                             SecondNumbers{.at = now - 1, .busy = 4},
                             SecondNumbers{.at = now, .busy = 8}};
    const auto text = chart(history, 8);
    EXPECT_NE(text.find("<path class=\"line busy\" d=\"M1 100.0L599 50.0L600 0.0\"/>"),
              std::string::npos)
        << text;
}

TEST(Chart, ClosesAnAreaAtTheGround) {
    const std::array history{SecondNumbers{.at = now - 2, .busy = 2},
                             SecondNumbers{.at = now, .busy = 4}};
    const auto text = chart(history, 8);
    EXPECT_NE(text.find("<path class=\"area busy\" d=\"M598 100L598 75.0L600 50.0L600 100Z\"/>"),
              std::string::npos)
        << text;
}

TEST(Chart, CutsWhatIsAboveItsTop) {
    const std::array history{SecondNumbers{.at = now, .busy = 80}};
    EXPECT_NE(chart(history, 8).find("M600 0.0\"/>"), std::string::npos);
}

TEST(Chart, FindsTheHighestGrowth) {
    const std::array history{SecondNumbers{.at = 1, .requests = 100},
                             SecondNumbers{.at = 2, .requests = 107},
                             SecondNumbers{.at = 4, .requests = 127}};
    EXPECT_EQ(status::highest(history, requests), 10);
    EXPECT_EQ(status::highest({}, requests), 0);
}

TEST(Chart, HasARoundTop) {
    EXPECT_EQ(status::round_top(0), 1);
    EXPECT_EQ(status::round_top(4), 4);
    EXPECT_EQ(status::round_top(4.1), 6);
    EXPECT_EQ(status::round_top(83), 100);
    EXPECT_EQ(status::round_top(2'001), 4'000);
}

TEST(Chart, HasATopThatIsRoundInBytes) {
    EXPECT_EQ(status::round_top(500, 1024), 600);
    EXPECT_EQ(status::round_top(1024, 1024), 1024);
    EXPECT_EQ(status::round_top(3'000, 1024), 4 * 1024);
    EXPECT_EQ(status::round_top(70.0 * 1024 * 1024, 1024), 80.0 * 1024 * 1024);
}

TEST(Growth, IsASecondsShare) {
    const SecondNumbers before{.at = 10, .requests = 5}, after{.at = 14, .requests = 25};
    EXPECT_EQ(requests(before, after), 5);
}

TEST(Growth, IsNothingWithoutTimeOrAfterANewStart) {
    const SecondNumbers one{.at = 10, .requests = 5}, fewer{.at = 11, .requests = 2};
    EXPECT_EQ(requests(one, one), 0);
    EXPECT_EQ(requests(one, fewer), 0);
}

} // namespace preforkd::testing
