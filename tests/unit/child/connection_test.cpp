#include "child/connection.h"

#include <gtest/gtest.h>

#include "support/site.h"

namespace preforkd::testing {

namespace {

bool asked_to_leave = false;

// A connection to a site with one file, /a.txt.
class Connection : public ::testing::Test {
  protected:
    Connection() { site.file("a.txt", "hello"); }
    ~Connection() override { asked_to_leave = false; }

    Farewell hold(std::deque<std::string> received) {
        const auto& configuration = site.complete();
        const config::HostIndex hosts(configuration);
        pool::Slot slot{};
        ConnectionServer server({configuration, hosts, slot, 0, [] { return asked_to_leave; }});
        stream.received = std::move(received);
        const auto client = *net::Address::parse("192.0.2.7", 4711);
        const auto farewell = server.serve(stream, client, *net::Address::parse("192.0.2.1", 80));
        requests = slot.requests;
        return farewell;
    }
    int answers() const {
        int count = 0;
        for (auto at = stream.sent.find("HTTP/1.1 "); at != std::string::npos;
             at = stream.sent.find("HTTP/1.1 ", at + 1))
            ++count;
        return count;
    }

    Site site;
    ScriptedStream stream;
    std::uint64_t requests = 0;
};

const std::string get = "GET /a.txt HTTP/1.1\r\nHost: site.test\r\n\r\n";

} // namespace

TEST_F(Connection, ServesOneRequestAfterAnother) {
    hold({get, get});
    EXPECT_EQ(answers(), 2);
    EXPECT_EQ(requests, 2U);
}

TEST_F(Connection, ServesPipelinedRequests) {
    hold({get + get + get});
    EXPECT_EQ(answers(), 3);
}

TEST_F(Connection, ServesARequestThatComesByteByByte) {
    std::deque<std::string> bytes;
    for (char byte : get) bytes.push_back(std::string(1, byte));
    hold(bytes);
    EXPECT_EQ(status_of(stream.sent), 200);
}

TEST_F(Connection, ClosesAtOnceWhenTheClientAskedForIt) {
    const std::string last = "GET /a.txt HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    EXPECT_EQ(hold({last}), Farewell::close_now);
    EXPECT_EQ(field_of(stream.sent, "Connection"), "close");
}

// RFC 9112 §9.6
TEST_F(Connection, LingersWhenTheClientMayStillBeSending) {
    EXPECT_EQ(hold({"BAD\r\n\r\n"}), Farewell::linger);
    EXPECT_EQ(status_of(stream.sent), 400);
}

TEST_F(Connection, ReadsContentThatNobodyWantsBeforeTheNextRequest) {
    const std::string post = "POST /a.txt HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nabcde";
    hold({post + get});
    EXPECT_EQ(answers(), 2);
    EXPECT_EQ(stream.sent.find("HTTP/1.1 4"), std::string::npos);
}

TEST_F(Connection, RefusesHttp11WithoutHost) {
    hold({"GET /a.txt HTTP/1.1\r\n\r\n"});
    EXPECT_EQ(status_of(stream.sent), 400);
    EXPECT_EQ(answers(), 1);
}

TEST_F(Connection, EndsAfterTheRequestAtHandWhenTheChildIsToLeave) {
    asked_to_leave = true;
    hold({get, get});
    EXPECT_EQ(answers(), 1);
    EXPECT_EQ(field_of(stream.sent, "Connection"), "close");
}

TEST_F(Connection, EndsAfterMaxKeepAliveRequests) {
    site.core().max_keep_alive_requests = 1;
    hold({get, get, get});
    EXPECT_EQ(answers(), 2); // Apache counts the requests that kept the connection
}

} // namespace preforkd::testing
