#include "control/child_end.h"

#include <csignal>
#include <gtest/gtest.h>

#include "os/clock.h"
#include "pool/exit_status.h"

namespace preforkd {

TEST(ChildEnd, IsNoSurpriseWhenTheChildWasDone) {
    EXPECT_FALSE(is_unexpected({.pid = 1}, {.pid = 1, .exit_status = pool::exit_done}));
}

TEST(ChildEnd, IsASurpriseByASignalThatWeDidNotSend) {
    EXPECT_TRUE(is_unexpected({.pid = 1}, {.pid = 1, .signal = SIGKILL}));
    EXPECT_FALSE(is_unexpected({.pid = 1, .told_to_end = true}, {.pid = 1, .signal = SIGKILL}));
}

TEST(ChildEnd, IsASurpriseWithAFailure) {
    EXPECT_TRUE(is_unexpected({.pid = 1}, {.pid = 1, .exit_status = pool::exit_sick}));
}

TEST(ChildEnd, IsNoSurpriseWhenARequestRanTooLong) {
    ChildRecord child{.pid = 1};
    const EndedProcess hung{.pid = 1, .exit_status = pool::exit_hung};
    const EndedProcess killed{.pid = 1, .signal = SIGKILL};
    EXPECT_FALSE(ended_for_hanging(child, hung)); // somebody else sent SIGUSR2
    EXPECT_TRUE(is_unexpected(child, hung));
    child.hang.stage = HangWatch::Stage::told_to_end;
    EXPECT_TRUE(ended_for_hanging(child, hung));
    EXPECT_FALSE(ended_for_hanging(child, killed));
    EXPECT_FALSE(ended_for_hanging(child, {.pid = 1, .exit_status = pool::exit_done}));
    child.hang.stage = HangWatch::Stage::killed;
    EXPECT_TRUE(ended_for_hanging(child, killed));
}

TEST(ChildEnd, TellsWhatTheChildWasDoing) {
    pool::Slot slot{};
    slot.client.assign("192.0.2.7");
    slot.server.assign("www.example.com:80");
    slot.request.assign("GET /a HTTP/1.1");
    slot.protocol_handler.assign("cgi-script");
    slot.connections = 41;
    const auto now = microseconds_since_1970();
    slot.started_at = now - 1500000;
    slot.state_since = now - 2500000;
    slot.finished_at = now - 500000;
    const std::vector<std::pair<pool::ChildState, const char*>> expected{
        {pool::ChildState::reading,
         "reading a request of client 192.0.2.7 for 2.5 seconds, connection 42"},
        {pool::ChildState::writing,
         "serving client 192.0.2.7, www.example.com:80, \"GET /a "
         "HTTP/1.1\" for 1.5 seconds, handler cgi-script, connection 42"},
        {pool::ChildState::keepalive,
         "waiting for another request of client 192.0.2.7 for 0.5 seconds, connection 42"},
        {pool::ChildState::closing, "closing the connection of client 192.0.2.7, connection 42"},
        {pool::ChildState::ready, ""},
        {pool::ChildState::starting, ""},
    };
    for (const auto& [state, text] : expected) {
        slot.state = state;
        EXPECT_EQ(describe_last_work(slot), text);
    }
}

TEST(ChildEnd, BelievesNoDepthThatAStackCannotHave) {
    pool::Slot slot{};
    slot.trace.depth = 4'000'000'000U;
    slot.trace.address = 16;
    const auto lines = describe_stack(slot.trace);
    ASSERT_EQ(lines.size(), pool::StackTrace::most_frames + 1);
    EXPECT_EQ(lines[0], "could not access 0x10");
    EXPECT_EQ(lines[1], "#0 [0x0]");
    slot.trace.depth = 0;
    EXPECT_TRUE(describe_stack(slot.trace).empty());
}

} // namespace preforkd
