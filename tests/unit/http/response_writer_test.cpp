#include "http/response_writer.h"

#include <cerrno>
#include <cstdlib>
#include <gtest/gtest.h>

#include "os/unique_fd.h"
#include "support/scripted_stream.h"

namespace preforkd::http {

namespace {

using preforkd::testing::ScriptedStream;

class ResponseWriterTest : public ::testing::Test {
  protected:
    BodySink& send(Framing framing, std::uint64_t length = 0) {
        head.framing = framing;
        head.length = length;
        head.fields = &fields;
        return writer.send(head);
    }
    std::string content() const {
        const auto end = stream.sent.find("\r\n\r\n");
        return end == std::string::npos ? "no head" : stream.sent.substr(end + 4);
    }

    Arena arena;
    Fields fields{arena};
    ResponseHead head;
    ScriptedStream stream;
    ResponseWriter writer{stream, std::chrono::seconds(1)};
};

// A file that holds `content` and is gone at the end.
UniqueFd file_of(const std::string& content) {
    std::string name = "/tmp/preforkd-writer-XXXXXX";
    UniqueFd file(::mkstemp(name.data()));
    ::unlink(name.c_str());
    EXPECT_EQ(::write(file.get(), content.data(), content.size()),
              static_cast<ssize_t>(content.size()));
    return file;
}

TEST_F(ResponseWriterTest, SendsHeadAndSmallContentInOneWrite) {
    fields.add("Content-Type", "text/plain");
    fields.add("Content-Length", "5");
    auto& sink = send(Framing::length, 5);
    EXPECT_EQ(stream.sent, "");
    EXPECT_TRUE(sink.write("he"));
    EXPECT_TRUE(sink.write("llo"));
    EXPECT_TRUE(sink.finish());
    EXPECT_EQ(stream.sent,
              "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\n"
              "hello");
    EXPECT_EQ(stream.writes, 1);
    EXPECT_TRUE(writer.complete());
}

TEST_F(ResponseWriterTest, SendsTheFirstFieldsFirst) {
    Fields first(arena);
    first.add("Date", "today");
    fields.add("ETag", "\"x\"");
    head.first_fields = &first;
    EXPECT_TRUE(send(Framing::none).finish());
    EXPECT_EQ(stream.sent, "HTTP/1.1 200 OK\r\nDate: today\r\nETag: \"x\"\r\n\r\n");
}

TEST_F(ResponseWriterTest, TakesThePhraseItIsGiven) {
    head.status = 404;
    head.reason = "Gone Fishing";
    EXPECT_TRUE(send(Framing::none).finish());
    EXPECT_EQ(stream.sent, "HTTP/1.1 404 Gone Fishing\r\n\r\n");
}

TEST_F(ResponseWriterTest, MayCallItselfHttp10) {
    head.calls_itself_1_0 = true;
    EXPECT_TRUE(send(Framing::none).finish());
    EXPECT_EQ(stream.sent, "HTTP/1.0 200 OK\r\n\r\n");
}

TEST_F(ResponseWriterTest, SendsLargeContentWithoutCopyingIt) {
    const std::string large(100'000, 'x');
    auto& sink = send(Framing::length, large.size());
    EXPECT_TRUE(sink.write(large));
    EXPECT_EQ(stream.writes, 1);
    EXPECT_TRUE(sink.finish());
    EXPECT_EQ(content(), large);
    EXPECT_EQ(stream.writes, 1);
}

// RFC 9112 §7.1
TEST_F(ResponseWriterTest, FramesContentInChunks) {
    auto& sink = send(Framing::chunked);
    EXPECT_TRUE(sink.write("hello"));
    EXPECT_TRUE(sink.write(""));
    EXPECT_TRUE(sink.write(std::string(26, 'x')));
    EXPECT_TRUE(sink.finish());
    EXPECT_EQ(content(), "5\r\nhello\r\n1a\r\n" + std::string(26, 'x') + "\r\n0\r\n\r\n");
    EXPECT_TRUE(writer.complete());
}

TEST_F(ResponseWriterTest, FramesALargePieceAsOneChunk) {
    const std::string large(100'000, 'x');
    auto& sink = send(Framing::chunked);
    EXPECT_TRUE(sink.write(large));
    EXPECT_TRUE(sink.finish());
    EXPECT_EQ(content(), "186a0\r\n" + large + "\r\n0\r\n\r\n");
}

TEST_F(ResponseWriterTest, EndsAnEmptyChunkedContent) {
    EXPECT_TRUE(send(Framing::chunked).finish());
    EXPECT_EQ(content(), "0\r\n\r\n");
}

TEST_F(ResponseWriterTest, FlushSendsWhatIsThere) {
    auto& sink = send(Framing::chunked);
    EXPECT_TRUE(sink.write("a"));
    EXPECT_TRUE(sink.flush());
    EXPECT_EQ(content(), "1\r\na\r\n");
    EXPECT_TRUE(sink.flush());
    EXPECT_EQ(stream.writes, 1);
    EXPECT_TRUE(sink.finish());
    EXPECT_EQ(content(), "1\r\na\r\n0\r\n\r\n");
}

// RFC 9112 §8
TEST_F(ResponseWriterTest, IsIncompleteWhenTheDeclaredLengthIsNotMet) {
    auto& sink = send(Framing::length, 10);
    EXPECT_TRUE(sink.write("hello"));
    EXPECT_FALSE(writer.complete());
    static_cast<void>(sink.finish());
    EXPECT_FALSE(writer.complete());
}

// RFC 9110 §8.6
TEST_F(ResponseWriterTest, RefusesMoreThanTheDeclaredLength) {
    auto& sink = send(Framing::length, 3);
    const auto status = sink.write("hello");
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, EMSGSIZE);
    static_cast<void>(sink.finish());
    EXPECT_FALSE(writer.complete());
    EXPECT_EQ(stream.sent.find("hello"), std::string::npos);
}

TEST_F(ResponseWriterTest, SendsAFileBehindTheHead) {
    const auto file = file_of("0123456789");
    auto& sink = send(Framing::length, 4);
    EXPECT_TRUE(sink.send_file(file.get(), 3, 4));
    EXPECT_TRUE(sink.finish());
    EXPECT_EQ(content(), "3456");
    EXPECT_EQ(stream.files_sent, 1);
    EXPECT_TRUE(writer.complete());
    EXPECT_EQ(writer.bytes_sent(), stream.sent.size());
}

TEST_F(ResponseWriterTest, SendsAFileAsAChunk) {
    const auto file = file_of("0123456789");
    auto& sink = send(Framing::chunked);
    EXPECT_TRUE(sink.write("a"));
    EXPECT_TRUE(sink.send_file(file.get(), 0, 10));
    EXPECT_TRUE(sink.write("b"));
    EXPECT_TRUE(sink.finish());
    EXPECT_EQ(content(), "1\r\na\r\na\r\n0123456789\r\n1\r\nb\r\n0\r\n\r\n");
}

// RFC 9112 §6.3
TEST_F(ResponseWriterTest, OmitsTheContentOfAnAnswerToHead) {
    const auto file = file_of("0123456789");
    head.omit_content = true;
    auto& sink = send(Framing::length, 15);
    EXPECT_TRUE(sink.write("hello"));
    EXPECT_TRUE(sink.send_file(file.get(), 0, 10));
    EXPECT_TRUE(sink.finish());
    EXPECT_EQ(content(), "");
    EXPECT_TRUE(writer.complete());
    EXPECT_EQ(writer.content_bytes_sent(), 0U);
}

TEST_F(ResponseWriterTest, OmitsTheLastChunkOfAnAnswerToHead) {
    head.omit_content = true;
    auto& sink = send(Framing::chunked);
    EXPECT_TRUE(sink.write("hello"));
    EXPECT_TRUE(sink.finish());
    EXPECT_EQ(content(), "");
}

TEST_F(ResponseWriterTest, OmitsTheHeadForHttp09) {
    head.omit_head = true;
    auto& sink = send(Framing::until_close);
    EXPECT_TRUE(sink.write("hello"));
    EXPECT_TRUE(sink.finish());
    EXPECT_EQ(stream.sent, "hello");
}

TEST_F(ResponseWriterTest, CountsHeadAndContentApart) {
    auto& sink = send(Framing::chunked);
    EXPECT_TRUE(sink.write("hello"));
    EXPECT_TRUE(sink.finish());
    EXPECT_EQ(writer.content_bytes_sent(), 5U);
    EXPECT_EQ(writer.bytes_sent(), stream.sent.size());
    EXPECT_TRUE(send(Framing::none).finish());
    EXPECT_EQ(writer.content_bytes_sent(), 0U);
    EXPECT_EQ(writer.bytes_sent(), 19U);
}

TEST_F(ResponseWriterTest, SendsNothingMoreOnceTheClientIsGone) {
    stream.write_problem = Error{"broken pipe", EPIPE};
    auto& sink = send(Framing::until_close);
    static_cast<void>(sink.write("hello"));
    EXPECT_FALSE(sink.flush());
    EXPECT_TRUE(writer.broken());
    stream.write_problem.reset();
    EXPECT_FALSE(sink.write("again"));
    static_cast<void>(sink.finish());
    EXPECT_EQ(stream.sent, "");
    EXPECT_FALSE(writer.complete());
}

TEST(ReasonPhrase, IsSpelledAsApacheDoes) {
    EXPECT_EQ(reason_phrase(200), "OK");
    EXPECT_EQ(reason_phrase(206), "Partial Content");
    EXPECT_EQ(reason_phrase(302), "Found");
    EXPECT_EQ(reason_phrase(401), "Unauthorized");
    EXPECT_EQ(reason_phrase(408), "Request Timeout");
    EXPECT_EQ(reason_phrase(413), "Request Entity Too Large");
    EXPECT_EQ(reason_phrase(414), "Request-URI Too Long");
    EXPECT_EQ(reason_phrase(416), "Requested Range Not Satisfiable");
    EXPECT_EQ(reason_phrase(500), "Internal Server Error");
    EXPECT_EQ(reason_phrase(505), "HTTP Version Not Supported");
    EXPECT_EQ(reason_phrase(299), "");
}

} // namespace

} // namespace preforkd::http
