// Who is stopped is let alone, unless others wait for it.
#include "control/stops.h"

#include <gtest/gtest.h>

namespace preforkd {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr SteadyClock::time_point start{seconds(100)};

TEST(Stops, AChildThatRunsIsLetAlone) {
    const StoppedChild child{.since = {}, .may_hold_mutex = true, .told_to_leave = true};
    EXPECT_EQ(deal_with(child, start), StopAction::none);
}

TEST(Stops, OneThatIsInNobodysWayMayStay) {
    EXPECT_EQ(deal_with({.since = start}, start + std::chrono::hours(1)), StopAction::none);
}

TEST(Stops, OneThatMayHoldTheAcceptMutexHasHalfASecond) {
    const StoppedChild child{.since = start, .may_hold_mutex = true};
    EXPECT_EQ(deal_with(child, start + milliseconds(499)), StopAction::none);
    EXPECT_EQ(deal_with(child, start + milliseconds(500)), StopAction::free_mutex);
}

TEST(Stops, OneThatIsToLeaveHasTenSeconds) {
    const StoppedChild child{.since = start, .told_to_leave = true};
    EXPECT_EQ(deal_with(child, start + milliseconds(9999)), StopAction::none);
    EXPECT_EQ(deal_with(child, start + seconds(10)), StopAction::end);
}

} // namespace
} // namespace preforkd
