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

TEST(ChildEnd, TellsWhatTheChildWasDoing) {
    pool::Slot slot{};
    slot.state = pool::ChildState::writing;
    slot.client.assign("192.0.2.7:4711");
    slot.server.assign("www.example.com:80");
    slot.request.assign("GET /a HTTP/1.1");
    slot.started_at = microseconds_since_1970() - 1500000;
    EXPECT_EQ(describe_last_work(slot),
              "client 192.0.2.7:4711, www.example.com:80, \"GET /a HTTP/1.1\" for 1.5 seconds");
    slot.state = pool::ChildState::reading;
    EXPECT_EQ(describe_last_work(slot), "client 192.0.2.7:4711");
    slot.state = pool::ChildState::ready;
    EXPECT_EQ(describe_last_work(slot), "");
}

} // namespace preforkd
