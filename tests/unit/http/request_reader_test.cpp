#include "http/request_reader.h"

#include <cerrno>
#include <deque>
#include <gtest/gtest.h>
#include <string>

namespace preforkd::http {

namespace {

using std::chrono::seconds;

// A client whose bytes and whose silences come in a set order; notes until when each was awaited.
class Client final : public Stream {
  public:
    using Stream::write;
    using Event = std::variant<std::string, Error>;

    Result<std::size_t> read(std::span<char> into, Deadline deadline) override {
        deadlines.push_back(deadline);
        if (events.empty()) return std::size_t{0};
        if (const auto* problem = std::get_if<Error>(&events.front())) {
            const Error told = *problem;
            events.pop_front();
            return told;
        }
        auto& piece = std::get<std::string>(events.front());
        const auto count = std::min(into.size(), piece.size());
        std::copy_n(piece.data(), count, into.data());
        piece.erase(0, count);
        if (piece.empty()) events.pop_front();
        return count;
    }
    Status write(std::string_view first, std::string_view second, Duration, bool) override {
        sent.append(first).append(second);
        return {};
    }
    Status send_file(int, off_t&, std::size_t, Duration) override { return {}; }
    void shut_down_writing() override {}

    Client& says(std::string text) { return events.emplace_back(std::move(text)), *this; }
    Client& meets(int code) { return events.emplace_back(Error{"scripted", code}), *this; }

    std::deque<Event> events;
    std::vector<Deadline> deadlines;
    std::string sent;
};

class RequestReaderTest : public ::testing::Test {
  protected:
    // A head that the next one replaces, as in a child.
    Received read() {
        head.emplace(arena);
        return reader.read_head(*head, limits, Deadline::after(seconds(5)), patience);
    }
    bool complete() { return std::holds_alternative<HeadComplete>(read()); }
    // The status of a refusal, or 0.
    int refusal() {
        const auto received = read();
        const auto* malformed = std::get_if<MalformedRequest>(&received);
        return malformed ? malformed->status : 0;
    }
    // What ended the wait for a request, or -1.
    int ending() {
        const auto received = read();
        const auto* none = std::get_if<NoRequest>(&received);
        return none ? none->code : -1;
    }
    BodySource& content() { return reader.content(*head, patience); }
    // The content, or "error N".
    static std::string all_of(BodySource& source, std::size_t piece_size = 4096) {
        std::string whole;
        std::string piece(piece_size, '\0');
        for (;;) {
            const auto count = source.read(piece);
            if (!count) return "error " + std::to_string(count.error().code);
            if (*count == 0) return whole;
            whole.append(piece, 0, *count);
        }
    }
    Duration wait(std::size_t number) const {
        return std::chrono::duration_cast<Duration>(client.deadlines.at(number).when() - start);
    }

    const SteadyClock::time_point start = SteadyClock::now();
    Arena arena;
    Client client;
    RequestReader reader{client};
    Limits limits;
    ReadPatience patience{.first = {}, .most = {}, .rate = 0, .otherwise = seconds(60)};
    std::optional<RequestHead> head;
};

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

TEST_F(RequestReaderTest, Answers408WhenAHeadStopsInTheMiddle) {
    client.says("GET / HTT").meets(ETIMEDOUT);
    EXPECT_EQ(refusal(), 408);
}

TEST_F(RequestReaderTest, Answers408WhenAFieldStopsInTheMiddleAndKeepsTheLine) {
    client.says("GET /slow HTTP/1.1\r\nHost: a").meets(ETIMEDOUT);
    EXPECT_EQ(refusal(), 408);
    EXPECT_EQ(head->request_line, "GET /slow HTTP/1.1");
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

TEST_F(RequestReaderTest, ReadsContentOfADeclaredLengthAndNoFurther) {
    client.says("POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhelloGET /2 HTTP/1.1\r\n\r\n");
    ASSERT_TRUE(complete());
    EXPECT_EQ(head->content_length, 5U);
    auto& source = content();
    EXPECT_FALSE(source.at_end());
    EXPECT_EQ(all_of(source, 2), "hello");
    EXPECT_TRUE(source.at_end());
    ASSERT_TRUE(complete());
    EXPECT_EQ(head->target, "/2");
}

TEST_F(RequestReaderTest, ReadsChunkedContentAndDropsItsTrailers) {
    client.says("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n"
                "7\r\n, world\r\n0\r\nHost: evil\r\nX: y\r\n\r\nGET /2 HTTP/1.1\r\n\r\n");
    ASSERT_TRUE(complete());
    EXPECT_TRUE(head->chunked);
    EXPECT_EQ(all_of(content(), 3), "hello, world");
    EXPECT_EQ(head->fields.size(), 1U);
    ASSERT_TRUE(complete());
    EXPECT_EQ(head->target, "/2");
}

TEST_F(RequestReaderTest, ReadsChunkedContentHoweverItIsCut) {
    const std::string raw = "5\r\nhello\r\nA;x=\"y\"\r\n0123456789\r\n0\r\nX: y\r\n\r\n";
    for (std::size_t cut = 0; cut <= raw.size(); ++cut) {
        Client cutting;
        cutting.says("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (const auto& part : {raw.substr(0, cut), raw.substr(cut)})
            if (!part.empty()) cutting.says(part);
        RequestReader other(cutting);
        RequestHead its_head(arena);
        ASSERT_TRUE(std::holds_alternative<HeadComplete>(
            other.read_head(its_head, limits, Deadline::after(seconds(5)), patience)));
        EXPECT_EQ(all_of(other.content(its_head, patience), 7), "hello0123456789") << cut;
    }
}

TEST_F(RequestReaderTest, CallsBadChunksBad) {
    client.says("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nnonsense");
    ASSERT_TRUE(complete());
    EXPECT_EQ(all_of(content()), "error " + std::to_string(EBADMSG));
}

TEST_F(RequestReaderTest, SaysWhenContentStopsInTheMiddle) {
    client.says("POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhe").meets(ETIMEDOUT);
    ASSERT_TRUE(complete());
    EXPECT_EQ(all_of(content()), "error " + std::to_string(ETIMEDOUT));
}

TEST_F(RequestReaderTest, SaysWhenTheClientLeavesInTheMiddleOfItsContent) {
    client.says("POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhe");
    ASSERT_TRUE(complete());
    EXPECT_EQ(all_of(content()), "error " + std::to_string(EBADMSG));
}

TEST_F(RequestReaderTest, AsksForContentThatWaitsForIt) {
    client.says("POST / HTTP/1.1\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")
        .says("hello");
    ASSERT_TRUE(complete());
    auto& source = content();
    EXPECT_EQ(client.sent, "");
    EXPECT_EQ(all_of(source), "hello");
    EXPECT_EQ(client.sent, "HTTP/1.1 100 Continue\r\n\r\n");
}

TEST_F(RequestReaderTest, AsksForChunkedContentThatWaitsForIt) {
    client.says("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n");
    client.says("1\r\na\r\n").says("0\r\n\r\n");
    ASSERT_TRUE(complete());
    EXPECT_EQ(all_of(content()), "a");
    EXPECT_EQ(client.sent, "HTTP/1.1 100 Continue\r\n\r\n");
}

TEST_F(RequestReaderTest, DoesNotAskForContentThatIsThereAlready) {
    client.says("POST / HTTP/1.1\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\nhello");
    ASSERT_TRUE(complete());
    EXPECT_EQ(all_of(content()), "hello");
    EXPECT_EQ(client.sent, "");
}

TEST_F(RequestReaderTest, DoesNotAskForContentThatNobodyReads) {
    client.says("POST / HTTP/1.1\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
    ASSERT_TRUE(complete());
    content();
    EXPECT_FALSE(reader.discard_content());
    EXPECT_EQ(client.sent, "");
}

TEST_F(RequestReaderTest, DoesNotAskAnHttp10ClientForItsContent) {
    client.says("POST / HTTP/1.0\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")
        .says("hello");
    ASSERT_TRUE(complete());
    EXPECT_EQ(all_of(content()), "hello");
    EXPECT_EQ(client.sent, "");
}

TEST_F(RequestReaderTest, ForgetsTheRestOfTheContent) {
    client.says("POST / HTTP/1.1\r\nContent-Length: 50000\r\n\r\n" + std::string(50'000, 'x'));
    client.says("GET /2 HTTP/1.1\r\n\r\n");
    ASSERT_TRUE(complete());
    std::array<char, 10> little;
    EXPECT_TRUE(content().read(little));
    EXPECT_TRUE(reader.discard_content());
    ASSERT_TRUE(complete());
    EXPECT_EQ(head->target, "/2");
}

TEST_F(RequestReaderTest, DoesNotForgetContentThatIsMalformed) {
    client.says("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n");
    ASSERT_TRUE(complete());
    content();
    EXPECT_FALSE(reader.discard_content());
}

TEST_F(RequestReaderTest, DoesNotForgetMoreThanItIsWorth) {
    client.says("POST / HTTP/1.1\r\nContent-Length: 1000000000\r\n\r\n");
    for (int i = 0; i < 1000; ++i) client.says(std::string(100'000, 'x'));
    ASSERT_TRUE(complete());
    content();
    EXPECT_FALSE(reader.discard_content());
    EXPECT_GT(client.events.size(), 500U);
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
