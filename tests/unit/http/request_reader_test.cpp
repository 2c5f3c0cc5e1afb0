#include <cerrno>

#include "unit/http/reading.h"

namespace preforkd::http {

namespace {

TEST_F(RequestReaderTest, ReadsAHead) {
    client.says("GET /a?b HTTP/1.1\r\nHost: a.test\r\nX-One:  two  \r\n\r\n");
    ASSERT_TRUE(complete());
    EXPECT_EQ(head->method, Method::get);
    EXPECT_EQ(head->method_name, "GET");
    EXPECT_EQ(head->target, "/a?b");
    EXPECT_EQ(head->request_line, "GET /a?b HTTP/1.1");
    EXPECT_TRUE(head->at_least(1, 1));
    EXPECT_EQ(head->fields.value_or_empty(FieldId::host), "a.test");
    EXPECT_EQ(*head->fields.find("x-one"), "two");
    EXPECT_FALSE(head->has_content());
    EXPECT_EQ(ending(), 0);
}

TEST_F(RequestReaderTest, TellsASimpleRequest) {
    client.says("GET /old\r\n");
    ASSERT_TRUE(complete());
    EXPECT_TRUE(head->simple);
    EXPECT_EQ(head->target, "/old");
    EXPECT_FALSE(head->at_least(1, 0));
}

TEST_F(RequestReaderTest, KeepsWhatItCouldReadOfAMalformedHead) {
    client.says("POST /form HTTP/1.1\r\nHost: a.test\r\nHost: b.test\r\n\r\n");
    EXPECT_EQ(refusal(), 400);
    EXPECT_EQ(head->request_line, "POST /form HTTP/1.1");
    EXPECT_EQ(head->method, Method::post);
    EXPECT_EQ(head->target, "/form");
}

TEST_F(RequestReaderTest, KeepsTheRequestLineOfAHeadThatBreaksLater) {
    client.says("GET /a HTTP/1.1\r\nHost: a.test\r\n folded\r\n\r\n");
    EXPECT_EQ(refusal(), 400);
    EXPECT_EQ(head->request_line, "GET /a HTTP/1.1");
}

TEST_F(RequestReaderTest, SaysWhenTheClientIsGone) {
    client.meets(ECONNRESET);
    EXPECT_EQ(ending(), ECONNRESET);
}

// RFC 9110 §15.5.9
TEST_F(RequestReaderTest, Answers408WhenAHeadStopsInTheMiddle) {
    client.says("GET / HTT").meets(ETIMEDOUT);
    EXPECT_EQ(refusal(), 408);
}

TEST_F(RequestReaderTest, Answers408WhenAFieldStopsInTheMiddleAndKeepsTheLine) {
    client.says("GET /slow HTTP/1.1\r\nHost: a").meets(ETIMEDOUT);
    EXPECT_EQ(refusal(), 408);
    EXPECT_EQ(head->request_line, "GET /slow HTTP/1.1");
}

// RFC 9112 §9.5
TEST_F(RequestReaderTest, EndsQuietlyWhenTheWaitBetweenTwoRequestsIsTooLong) {
    client.says("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n").meets(ETIMEDOUT);
    ASSERT_TRUE(complete());
    EXPECT_EQ(ending(), ETIMEDOUT);
}

TEST_F(RequestReaderTest, EndsQuietlyWhenASignalComesBetweenTwoRequests) {
    client.says("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n").meets(EINTR);
    ASSERT_TRUE(complete());
    EXPECT_EQ(ending(), EINTR);
}

TEST_F(RequestReaderTest, FinishesAHeadThatHasBegunWhenASignalComes) {
    client.says("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n").says("GET /2 HT").meets(EINTR);
    client.says("TP/1.1\r\nHost: a.test\r\n\r\n");
    ASSERT_TRUE(complete());
    ASSERT_TRUE(complete());
    EXPECT_EQ(head->target, "/2");
}

TEST_F(RequestReaderTest, FinishesContentWhenASignalComes) {
    client.says("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe")
        .meets(EINTR)
        .says("llo");
    ASSERT_TRUE(complete());
    EXPECT_EQ(all_of(content()), "hello");
}

TEST_F(RequestReaderTest, StartsTheClockOfANewConnectionAtOnce) {
    patience.first = seconds(20);
    client.says("GET / HTTP/1.1\r\n").says("Host: a\r\n\r\n");
    ASSERT_TRUE(complete());
    EXPECT_NEAR(static_cast<double>(wait(0).count()), 20e6, 1e6);
    EXPECT_EQ(client.deadlines.at(0).when(), client.deadlines.at(1).when());
}

TEST_F(RequestReaderTest, WaitsForEachPieceAsLongAsForTheFirstWhereThereIsNoOtherLimit) {
    client.says("GET / HTTP/1.1\r\n").says("Host: a\r\n\r\n");
    ASSERT_TRUE(complete());
    EXPECT_NEAR(static_cast<double>(wait(0).count()), 60e6, 1e6);
    EXPECT_NEAR(static_cast<double>(wait(1).count()), 60e6, 1e6);
}

TEST_F(RequestReaderTest, HasNothingToAnswerToAClientThatNeverSpoke) {
    client.meets(ETIMEDOUT);
    const auto received = read();
    const auto* late = std::get_if<MalformedRequest>(&received);
    ASSERT_TRUE(late);
    EXPECT_EQ(late->status, 408);
    EXPECT_TRUE(late->is_silent);
}

TEST_F(RequestReaderTest, EndsQuietlyWhenNoFurtherRequestComes) {
    client.says("GET / HTTP/1.1\r\n\r\n").meets(ETIMEDOUT);
    ASSERT_TRUE(complete());
    EXPECT_EQ(ending(), ETIMEDOUT);
}

// For the log: AH01382 is about the whole, Timeout about a single wait.
TEST_F(RequestReaderTest, TellsAWholeThatIsTooSlowFromASingleWait) {
    client.says("GET /").meets(ETIMEDOUT);
    auto received = read();
    EXPECT_FALSE(std::get<MalformedRequest>(received).is_too_slow);

    Client slow;
    slow.says("GET /").meets(ETIMEDOUT);
    reader.begin(slow);
    patience.first = Duration(1);
    received = read();
    EXPECT_TRUE(std::get<MalformedRequest>(received).is_too_slow);
}

TEST_F(RequestReaderTest, TellsContentThatIsTooSlow) {
    for (const std::string framing : {"Content-Length: 5", "Transfer-Encoding: chunked"}) {
        for (const Duration whole : {Duration(1), Duration(0)}) {
            Client slow;
            slow.says("POST / HTTP/1.1\r\n" + framing + "\r\n\r\n").meets(ETIMEDOUT);
            reader.begin(slow);
            patience.first = {};
            ASSERT_TRUE(complete());
            EXPECT_FALSE(reader.content_was_too_slow());
            patience.first = whole;
            EXPECT_EQ(all_of(content()), "error " + std::to_string(ETIMEDOUT));
            EXPECT_EQ(reader.content_was_too_slow(), whole > Duration(0)) << framing;
        }
    }
}

TEST_F(RequestReaderTest, ForgetsWhatIsLeftOfAnotherConnection) {
    client.says("GET /1 HTTP/1.1\r\nX: " + std::string(8000, 'x') + "\r\n" +
                "Y: " + std::string(8000, 'y') + "\r\n\r\nGET /2 HTTP/1.1\r\n\r\n");
    ASSERT_TRUE(complete());
    EXPECT_TRUE(reader.has_buffered_input());
    Client next;
    next.says("GET /3 HTTP/1.1\r\n\r\n");
    reader.begin(next);
    EXPECT_FALSE(reader.has_buffered_input());
    ASSERT_TRUE(complete());
    EXPECT_EQ(head->target, "/3");
}

TEST_F(RequestReaderTest, GivesATrickleNoFurtherTime) {
    patience.first = seconds(20);
    client.says("G").says("E").says("T").says(" / HTTP/1.1\r\n\r\n");
    ASSERT_TRUE(complete());
    EXPECT_EQ(client.deadlines.at(1).when(), client.deadlines.at(2).when());
    EXPECT_EQ(client.deadlines.at(2).when(), client.deadlines.at(3).when());
    EXPECT_NEAR(static_cast<double>(wait(1).count()), 20e6, 1e6);
}

TEST_F(RequestReaderTest, SellsTimeForBytes) {
    patience.first = seconds(20);
    patience.most = seconds(22);
    patience.rate = 10;
    client.says("GET / HTTP").says("/1.1\r\nHost").says(": a\r\nX: 789").says("\r\n\r\n");
    ASSERT_TRUE(complete());
    const auto after_10 = client.deadlines.at(1).when();
    EXPECT_NEAR(static_cast<double>(wait(1).count()), 21e6, 1e6);
    EXPECT_EQ(client.deadlines.at(2).when() - after_10, seconds(1));
    EXPECT_EQ(client.deadlines.at(3).when() - after_10, seconds(1));
}

TEST_F(RequestReaderTest, StartsTheClockOfAKeptConnectionWithTheFirstByte) {
    patience.first = seconds(20);
    client.says("GET / HTTP/1.1\r\n\r\n").says("G").says("ET / HTTP/1.1\r\n\r\n");
    ASSERT_TRUE(complete());
    ASSERT_TRUE(complete());
    EXPECT_NEAR(static_cast<double>(wait(1).count()), 5e6, 1e6);
    EXPECT_NEAR(static_cast<double>(wait(2).count()), 20e6, 1e6);
}

TEST_F(RequestReaderTest, ReadsPipelinedRequestsWithoutAskingTheClientAgain) {
    client.says("GET /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\n\r\n");
    ASSERT_TRUE(complete());
    EXPECT_TRUE(reader.has_buffered_input());
    ASSERT_TRUE(complete());
    EXPECT_EQ(head->target, "/2");
    EXPECT_FALSE(reader.has_buffered_input());
    EXPECT_EQ(client.deadlines.size(), 1U);
}

TEST_F(RequestReaderTest, KeepsTheHeadWhileContentIsRead) {
    const std::string large(1'000'000, 'x');
    client.says("POST /a HTTP/1.1\r\nHost: a.test\r\nContent-Length: 1000000\r\n\r\n" + large);
    client.says("GET /b HTTP/1.1\r\n\r\n");
    ASSERT_TRUE(complete());
    EXPECT_EQ(all_of(content(), 100'000), large);
    EXPECT_EQ(head->target, "/a");
    EXPECT_EQ(head->fields.value_or_empty(FieldId::host), "a.test");
    ASSERT_TRUE(complete());
    EXPECT_EQ(head->target, "/b");
}

TEST_F(RequestReaderTest, LimitsTheRequestLineToOneByteMoreThanItIsTold) {
    limits.request_line = 19;
    client.says("GET /123456 HTTP/1.1\r\n\r\nGET /1234567 HTTP/1.1\r\n\r\n");
    EXPECT_EQ(refusal(), 0);
    EXPECT_EQ(refusal(), 414);
}

TEST_F(RequestReaderTest, LimitsAFieldToOneByteMoreThanItIsTold) {
    limits.field_size = 9;
    client.says("GET / HTTP/1.1\r\nX: 4567890\r\n\r\nGET / HTTP/1.1\r\nX: 45678901\r\n\r\n");
    EXPECT_EQ(refusal(), 0);
    EXPECT_EQ(refusal(), 400);
}

TEST_F(RequestReaderTest, LimitsTheNumberOfFields) {
    limits.field_count = 2;
    client.says(
        "GET / HTTP/1.1\r\nA: 1\r\nB: 2\r\n\r\nGET / HTTP/1.1\r\nA: 1\r\nB: 2\r\nC: 3\r\n\r\n");
    EXPECT_EQ(refusal(), 0);
    EXPECT_EQ(refusal(), 400);
}

TEST_F(RequestReaderTest, StopsReadingALineThatIsTooLong) {
    for (int i = 0; i < 100; ++i) client.says(std::string(4000, 'x'));
    EXPECT_EQ(refusal(), 414);
    EXPECT_GT(client.events.size(), 90U);
}

TEST_F(RequestReaderTest, ReadsAHeadLargerThanItsFirstBuffer) {
    std::string raw = "GET / HTTP/1.1\r\n";
    for (int i = 0; i < 90; ++i)
        raw += "X-" + std::to_string(i) + ": " + std::string(8000, 'y') + "\r\n";
    client.says(raw + "Host: a.test\r\n\r\n");
    ASSERT_TRUE(complete());
    EXPECT_EQ(head->fields.size(), 91U);
    EXPECT_EQ(head->fields.value_or_empty(FieldId::host), "a.test");
    EXPECT_EQ(head->request_line, "GET / HTTP/1.1");
}

TEST_F(RequestReaderTest, CountsTheBytesOfARequest) {
    const std::string first = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
    client.says(first + "5\r\nhello\r\n0\r\n\r\n" + "GET / HTTP/1.1\r\n\r\n");
    ASSERT_TRUE(complete());
    EXPECT_EQ(all_of(content()), "hello");
    EXPECT_EQ(reader.bytes_received(), first.size() + 15);
    ASSERT_TRUE(complete());
    EXPECT_EQ(reader.bytes_received(), 18U);
}

} // namespace

} // namespace preforkd::http
