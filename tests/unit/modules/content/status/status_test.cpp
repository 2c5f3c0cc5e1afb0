#include <gtest/gtest.h>

#include "modules/content/status/number_text.h"
#include "unit/modules/content/status/a_pool.h"

namespace preforkd::testing {

using pool::ChildState;

namespace {

class Status : public APool {
  protected:
    std::string page(bool as_table = true) {
        return status::page_text(count(), surroundings, as_table);
    }
};

} // namespace

TEST_F(Status, CountsBusyAndIdleChildren) {
    child(0, ChildState::ready);
    child(1, ChildState::writing);
    child(2, ChildState::starting);
    const auto pool = count();
    EXPECT_EQ(pool.busy, 1);
    EXPECT_EQ(pool.idle, 1);
    EXPECT_EQ(pool.graceful, 0);
    EXPECT_EQ(pool.letters, "_WS");
    EXPECT_EQ(pool.limit, 3);
}

TEST_F(Status, CountsChildrenOfAnOldGenerationAsLeaving) {
    child(0, ChildState::ready, 2);
    child(1, ChildState::keepalive, 2);
    child(2, ChildState::graceful);
    const auto pool = count();
    EXPECT_EQ(pool.busy, 2);
    EXPECT_EQ(pool.graceful, 2);
    EXPECT_EQ(pool.idle, 0);
}

TEST_F(Status, ShowsASlotBeyondTheLimitOnlyWhileAChildLivesInIt) {
    EXPECT_EQ(count().letters, "...");
    child(3, ChildState::writing);
    EXPECT_EQ(count().letters, "...W");
}

TEST_F(Status, AddsUpWhatAllSlotsServed) {
    child(0, ChildState::ready).requests = 5;
    auto& slot = child(1, ChildState::writing);
    slot.requests = 7;
    slot.bytes = 3000;
    slot.total_micros = 2'500;
    slot.cpu_user_ticks = 4;
    const auto pool = count();
    EXPECT_EQ(pool.requests, 12U);
    EXPECT_EQ(pool.bytes, 3000U);
    EXPECT_EQ(pool.duration, 2);
    EXPECT_EQ(pool.cpu_user_ticks, 4);
}

TEST_F(Status, SaysHowLongAgoARequestWasAndHowLongItTook) {
    auto& slot = child(0, ChildState::keepalive);
    slot.started_at = now - 3'200'000;
    slot.finished_at = now - 3'000'000;
    const auto numbers = count().slots[0];
    EXPECT_EQ(numbers.seconds_since_request, 3);
    EXPECT_EQ(numbers.last_duration, 200);
}

TEST_F(Status, WritesAutoInApachesOrder) {
    auto& slot = child(0, ChildState::writing);
    slot.requests = 4;
    slot.bytes = 5 * 1024;
    const auto text = status::auto_text(count(), surroundings);
    EXPECT_TRUE(text.starts_with("site.test\nServerVersion: "));
    const auto start = text.find("ServerUptimeSeconds");
    EXPECT_EQ(text.substr(start),
              "ServerUptimeSeconds: 10\nServerUptime: 10 seconds\nLoad1: 0.50\nLoad5: 1.00\n"
              "Load15: 2.00\nTotal Accesses: 4\nTotal kBytes: 5\nTotal Duration: 0\nCPUUser: 0\n"
              "CPUSystem: 0\nCPUChildrenUser: 0\nCPUChildrenSystem: 0\nUptime: 10\n"
              "ReqPerSec: .4\nBytesPerSec: 512\nBytesPerReq: 1280\nDurationPerReq: 0\n"
              "BusyWorkers: 1\nGracefulWorkers: 0\nIdleWorkers: 0\nScoreboard: W..\n");
}

TEST_F(Status, KeepsTotalsToItselfWithoutExtendedStatus) {
    board.global().extended = false;
    child(0, ChildState::writing);
    EXPECT_EQ(status::auto_text(count(), surroundings).find("Total"), std::string::npos);
    EXPECT_NE(page().find("   100 in state: W ,"), std::string::npos);
    EXPECT_NE(page().find("<code>ExtendedStatus On</code>"), std::string::npos);
}

TEST_F(Status, ShowsARowForEveryChildWithAStory) {
    auto& slot = child(0, ChildState::writing);
    slot.requests = 3;
    slot.child_requests = 2;
    slot.connection_requests = 1;
    slot.client.assign("192.0.2.7");
    slot.server.assign("site.test:80");
    slot.request.assign("GET /<b>\"\n HTTP/1.1");
    child(1, ChildState::ready);
    const auto text = page();
    EXPECT_NE(text.find("<tr><td><b>0-3</b></td><td>100</td><td>1/2/3</td><td><b>W</b>\n</td>"
                        "<td>0.00</td><td>0</td><td>0</td><td>0</td><td>0.0</td><td>0.00</td>"
                        "<td>0.00\n</td><td>192.0.2.7</td><td>http/1.1</td>"
                        "<td nowrap>site.test:80</td>"
                        "<td nowrap>GET /&lt;b&gt;\\&quot;\\n HTTP/1.1</td></tr>"),
              std::string::npos)
        << text;
    EXPECT_EQ(text.find("<b>1-3</b>"), std::string::npos);
}

TEST_F(Status, ShowsLinesInsteadOfATable) {
    child(0, ChildState::keepalive).requests = 1;
    const auto text = page(false);
    EXPECT_NE(text.find("<b>Server 0-3</b> (100): 0|0|1 [<b>Keepalive</b>] u0 s0 cu0 cs0\n"
                        " 0 0 0(0 B|0 B|0 B)\n"),
              std::string::npos)
        << text;
    EXPECT_EQ(text.find("<table"), std::string::npos);
}

TEST_F(Status, IsJsonWhateverAClientSent) {
    auto& slot = child(1, ChildState::reading);
    slot.child_requests = 2;
    slot.connections = 1;
    slot.request.assign("GET /\"\\\xe9\x01");
    const auto text = status::json_text(count(), {}, surroundings);
    EXPECT_NE(text.find(R"("uptime_seconds": 100, "generation": 3, "total_requests": 0)"),
              std::string::npos)
        << text;
    EXPECT_NE(text.find(R"({"slot": 1, "pid": 101, "generation": 3, "state": "reading", )"),
              std::string::npos)
        << text;
    EXPECT_NE(text.find(R"("request": "GET /\"\\\u00e9\u0001"})"), std::string::npos) << text;
}

TEST_F(Status, ShowsTheHeadOfALongRequestLineOrItsTail) {
    const std::string head = "GET /" + std::string(58, 'h'), tail(63, 't');
    auto& slot = child(0, ChildState::writing);
    slot.client.assign("192.0.2.7");
    slot.request.assign(head + "-" + tail);
    EXPECT_NE(page().find("<td nowrap>" + head + "</td>"), std::string::npos);
    EXPECT_NE(page(false).find("<i>192.0.2.7 {" + head + "}</i>"), std::string::npos);
    surroundings.see_request_tail = true;
    EXPECT_NE(page().find("<td nowrap>" + tail + "</td>"), std::string::npos);
    EXPECT_NE(page(false).find("<i>192.0.2.7 {" + tail + "}</i>"), std::string::npos);
}

TEST_F(Status, ShowsAShortRequestLineWhole) {
    child(0, ChildState::writing).request.assign("GET / HTTP/1.1");
    surroundings.see_request_tail = true;
    EXPECT_NE(page().find("<td nowrap>GET / HTTP/1.1</td>"), std::string::npos);
}

TEST_F(Status, HasAHistoryInJsonOnlyIfThereIsOne) {
    EXPECT_EQ(status::json_text(count(), {}, surroundings).find("history"), std::string::npos);
    remember(second - 1, 4, 1, 10);
    remember(second, 3, 2, 12);
    const auto text = status::json_text(count(), last_minutes(), surroundings);
    EXPECT_TRUE(text.ends_with(", \"history\": [\n[1795220589, 4, 1, 10, 10240],\n"
                               "[1795220590, 3, 2, 12, 12288]\n]}\n"))
        << text;
}

TEST_F(Status, TellsInJsonWhoAskedForWhatOnlyWithExtendedStatus) {
    child(0, ChildState::writing).request.assign("GET /secret");
    EXPECT_NE(status::json_text(count(), {}, surroundings).find("/secret"), std::string::npos);
    board.global().extended = false;
    EXPECT_EQ(status::json_text(count(), {}, surroundings).find("/secret"), std::string::npos);
}

TEST(StatusNumbers, LookAsAprPrintsThem) {
    EXPECT_EQ(status::number_text(0), "0");
    EXPECT_EQ(status::number_text(0.5), ".5");
    EXPECT_EQ(status::number_text(15.0F / 177.0F), ".0847458");
    EXPECT_EQ(status::number_text(20.0F / 177.0F, 3), ".113");
    EXPECT_EQ(status::number_text(3072), "3072");
}

TEST(StatusNumbers, HaveUnitsThatFit) {
    EXPECT_EQ(status::bytes_text(5119), "5119 B");
    EXPECT_EQ(status::bytes_text(8192), "8.0 kB");
    EXPECT_EQ(status::bytes_text(3'000'000), "2.9 MB");
    EXPECT_EQ(status::kilobytes_text(12), "12 kB");
    EXPECT_EQ(status::kilobytes_text(11'776), "11.5 MB");
    EXPECT_EQ(status::uptime_text(90'061), " 1 day 1 hour 1 minute 1 second");
    EXPECT_EQ(status::uptime_text(7'200), " 2 hours");
    EXPECT_EQ(status::uptime_text(0), "");
}

} // namespace preforkd::testing
