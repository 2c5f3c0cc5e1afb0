#include "http/received_head.h"

#include <gtest/gtest.h>

namespace preforkd::http {

namespace {

struct Read {
    Arena arena;
    ReceivedHead head{arena};
    HeadOutcome outcome;
    explicit Read(std::string_view text, BadLine bad_line = BadLine::refuse)
        : outcome(parse_received_head(text, bad_line, arena, head)) {}
};

TEST(ReceivedHead, EndsWithAnEmptyLine) {
    EXPECT_EQ(end_of_received_head("HTTP/1.1 200 OK\r\nA: b\r\n\r\nxyz"), 25U);
    EXPECT_EQ(end_of_received_head("HTTP/1.1 200 OK\nA: b\n\nxyz"), 22U);
    EXPECT_EQ(end_of_received_head("HTTP/1.1 200 OK\r\nA: b\r\n"), std::string_view::npos);
    EXPECT_EQ(end_of_received_head("HTTP/1.1 2"), std::string_view::npos);
}

TEST(ReceivedHead, IsChunkedWhereTheLastCodingIs) {
    const auto is_chunked = [](std::string_view coding) {
        return Read("HTTP/1.1 200 OK\r\nTransfer-Encoding: " + std::string(coding) + "\r\n\r\n")
            .head.chunked;
    };
    EXPECT_TRUE(is_chunked("chunked"));
    EXPECT_TRUE(is_chunked("gzip, Chunked "));
    EXPECT_FALSE(is_chunked("xchunked"));
    EXPECT_FALSE(is_chunked("chunked, gzip"));
}

TEST(ReceivedHead, HasAStatusOfThreeDigitsFrom100On) {
    EXPECT_EQ(Read("HTTP/1.1 099 OK\r\n\r\n").outcome.problem, HeadProblem::status_line);
    EXPECT_EQ(Read("HTTP/1.1 100 OK\r\n\r\n").outcome.problem, HeadProblem::none);
}

TEST(ReceivedHead, CostsLittleHoweverOftenALineIsFolded) {
    std::string folded = "HTTP/1.1 200 OK\r\nX: a\r\n";
    for (int i = 0; i < 100'000; ++i) folded += " b\r\n";
    EXPECT_EQ(Read(folded + "\r\n").outcome.problem, HeadProblem::too_long);
    EXPECT_EQ(*Read("HTTP/1.1 200 OK\r\nX: a\r\n b\r\n\tc\r\n\r\n").head.fields.find("X"),
              "a b\tc");
}

TEST(ReceivedHead, OfHttp09IsNone) {
    EXPECT_EQ(end_of_received_head("hello\nworld"), 6U);
    const Read read("hello\n");
    EXPECT_TRUE(read.head.simple);
    EXPECT_EQ(read.outcome.line, "hello");
}

TEST(ReceivedHead, HasStatusAndFields) {
    const Read read("HTTP/1.0 404 Gone fishing\r\nX-A: b\r\n c\r\nContent-Length: 12\r\n\r\n");
    EXPECT_EQ(read.outcome.problem, HeadProblem::none);
    EXPECT_EQ(read.head.status, 404);
    EXPECT_EQ(read.head.minor, 0);
    EXPECT_EQ(read.head.reason, "Gone fishing");
    EXPECT_EQ(read.head.content_length, 12U);
    ASSERT_TRUE(read.head.fields.find("X-A"));
    EXPECT_EQ(*read.head.fields.find("X-A"), "b c");
}

TEST(ReceivedHead, KeepsNoReasonThatALineCouldEndIn) {
    EXPECT_EQ(Read("HTTP/1.1 200 O\rSet-Cookie: a=b\r\n\r\n").head.reason, "");
}

// RFC 9112 §6.3: the coding tells where the content ends, whatever a length says.
TEST(ReceivedHead, PrefersTheCodingToALength) {
    const Read read("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: Chunked\r\n\r\n");
    EXPECT_TRUE(read.head.chunked);
    EXPECT_FALSE(read.head.content_length);
}

TEST(ReceivedHead, IsRefusedWithItsProblem) {
    const auto problem_of = [](std::string_view line) {
        return Read(std::string("HTTP/1.1 200 OK\r\n").append(line).append("\r\n\r\n"))
            .outcome.problem;
    };
    EXPECT_EQ(problem_of("no field"), HeadProblem::line);
    EXPECT_EQ(problem_of(": b"), HeadProblem::nameless);
    EXPECT_EQ(problem_of("A B: c"), HeadProblem::name);
    EXPECT_EQ(problem_of("A: b\x01"), HeadProblem::value);
    EXPECT_EQ(problem_of("Content-Length: -1"), HeadProblem::length);
    EXPECT_EQ(problem_of("Content-Length: 99999999999999999999"), HeadProblem::length);
    EXPECT_EQ(problem_of("A: " + std::string(9000, 'x')), HeadProblem::too_long);
    EXPECT_EQ(Read("HTTP/2.0 200 OK\r\n\r\n").outcome.problem, HeadProblem::status_line);
}

TEST(ReceivedHead, MayLeaveOutWhatIsNoField) {
    constexpr std::string_view text = "HTTP/1.1 200 OK\r\nno field\r\nA: b\r\n\r\n";
    const Read ignoring(text, BadLine::ignore);
    EXPECT_TRUE(ignoring.outcome.ignored_lines);
    EXPECT_TRUE(ignoring.head.fields.find("A"));
    const Read beginning(text, BadLine::begin_content);
    EXPECT_EQ(beginning.outcome.problem, HeadProblem::none);
    EXPECT_FALSE(beginning.head.fields.find("A"));
}

} // namespace

} // namespace preforkd::http
