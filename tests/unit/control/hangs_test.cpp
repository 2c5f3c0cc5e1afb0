#include "control/hangs.h"

#include <gtest/gtest.h>

namespace preforkd {

namespace {

using pool::ChildState;
using std::chrono::seconds;

const SteadyClock::time_point begin{std::chrono::hours(1)};

// What is done about a request that is seen in each of `count` seconds.
std::vector<HangAction> actions(HangWatch& state, const RequestAtHand& request, int count) {
    std::vector<HangAction> taken;
    for (int second = 0; second < count; ++second)
        taken.push_back(watch(state, request, begin + seconds(second)));
    return taken;
}

} // namespace

TEST(Hangs, ConcernARequestThatIsWorkedOn) {
    pool::Slot slot{};
    slot.started_at = 7;
    slot.request_limit = 30;
    for (const auto state : {ChildState::writing, ChildState::logging}) {
        slot.state = state;
        EXPECT_EQ(request_at_hand(slot).begun, 7);
        EXPECT_EQ(request_at_hand(slot).limit, 30);
    }
    for (const auto state : {ChildState::ready, ChildState::starting, ChildState::reading,
                             ChildState::keepalive, ChildState::closing, ChildState::dead}) {
        slot.state = state;
        EXPECT_EQ(request_at_hand(slot).begun, 0);
    }
}

TEST(Hangs, DoNotExistWithoutALimit) {
    pool::Slot slot{};
    slot.state = ChildState::writing;
    slot.started_at = 7;
    for (const int limit : {0, -5}) {
        slot.request_limit = limit;
        EXPECT_EQ(request_at_hand(slot).begun, 0);
    }
}

TEST(Hangs, AreToldToEndAndKilledTwoSecondsLater) {
    HangWatch state;
    using enum HangAction;
    EXPECT_EQ(actions(state, {.begun = 7, .limit = 3}, 8),
              (std::vector{none, none, none, tell_to_end, none, kill, none, none}));
}

TEST(Hangs, BeginAnewWithEachRequest) {
    HangWatch state;
    actions(state, {.begun = 7, .limit = 3}, 3);
    EXPECT_EQ(watch(state, {.begun = 8, .limit = 3}, begin + seconds(3)), HangAction::none);
    EXPECT_EQ(watch(state, {.begun = 8, .limit = 3}, begin + seconds(6)), HangAction::tell_to_end);
}

TEST(Hangs, AreForgivenWhenTheRequestEndsInTime) {
    HangWatch state;
    actions(state, {.begun = 7, .limit = 3}, 4);
    EXPECT_EQ(watch(state, {}, begin + seconds(4)), HangAction::none);
    EXPECT_EQ(state.stage, HangWatch::Stage::watched);
    EXPECT_EQ(watch(state, {}, begin + seconds(9)), HangAction::none);
}

} // namespace preforkd
