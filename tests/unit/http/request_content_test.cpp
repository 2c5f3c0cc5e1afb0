#include <cerrno>

#include "unit/http/reading.h"

namespace preforkd::http {

namespace {

using RequestContentTest = RequestReaderTest;

TEST_F(RequestContentTest, ReadsContentOfADeclaredLengthAndNoFurther) {
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

TEST_F(RequestContentTest, ReadsChunkedContentAndKeepsItsTrailersApart) {
    client.says("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n"
                "7\r\n, world\r\n0\r\nHost: evil\r\nX: y\r\n\r\nGET /2 HTTP/1.1\r\n\r\n");
    ASSERT_TRUE(complete());
    EXPECT_TRUE(head->chunked);
    EXPECT_EQ(all_of(content(), 3), "hello, world");
    EXPECT_EQ(head->fields.size(), 1U);
    ASSERT_EQ(head->trailers->size(), 2U);
    EXPECT_EQ(*head->trailers->find("x"), "y");
    ASSERT_TRUE(complete());
    EXPECT_EQ(head->target, "/2");
}

TEST_F(RequestContentTest, ReadsChunkedContentHoweverItIsCut) {
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
        EXPECT_EQ(all_of(other.content(its_head, {.patience = patience}, arena), 7),
                  "hello0123456789")
            << cut;
    }
}

// RFC 9110 §6.5.1
TEST_F(RequestContentTest, MergesOnlyHarmlessTrailers) {
    client.says("POST / HTTP/1.1\r\nX-Mine: first\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"
                "X-Mine: second\r\nDigest: d\r\nHost: evil\r\nContent-Length: 9\r\n"
                "Connection: close\r\nAuthorization: Basic x\r\nCookie: a=b\r\nIf-Match: *\r\n"
                "Content-MD5: m\r\nX-Forwarded-Proto: https\r\nMax-Forwards: 1\r\n"
                "Proxy-Connection: x\r\nForwarded: for=x\r\n\r\n");
    ASSERT_TRUE(complete());
    ContentTerms terms{.patience = patience, .merge_trailers = true};
    EXPECT_EQ(all_of(reader.content(*head, terms, arena)), "");
    EXPECT_EQ(head->trailers->size(), 13U);
    EXPECT_EQ(head->fields.size(), 4U);
    EXPECT_EQ(*head->fields.find("x-mine"), "first");
    EXPECT_EQ(*head->fields.find("digest"), "d");
}

TEST_F(RequestContentTest, TakesNoMoreTrailersThanAllowed) {
    for (const bool fits : {true, false}) {
        client.says("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA: 1\r\nB: 2\r\n" +
                    std::string(fits ? "" : "C: 3\r\n") + "\r\n");
        ASSERT_TRUE(complete());
        ContentTerms terms{.patience = patience, .trailer_count = 2};
        EXPECT_EQ(all_of(reader.content(*head, terms, arena)),
                  fits ? "" : "error " + std::to_string(EBADMSG));
    }
}

// RFC 9112 §7.1.1: extensions are limited for the whole content, not for each chunk.
TEST_F(RequestContentTest, TakesNoMoreFramingThanItsDataPaysFor) {
    std::string chunks;
    for (int count = 0; count < 200; ++count) chunks += "1;" + std::string(100, 'x') + "\r\na\r\n";
    client.says("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + "0\r\n\r\n");
    ASSERT_TRUE(complete());
    EXPECT_EQ(all_of(content()), "error " + std::to_string(ENOSPC));
}

TEST_F(RequestContentTest, TakesManySmallChunks) {
    std::string chunks;
    for (int count = 0; count < 5000; ++count) chunks += "1\r\na\r\n";
    client.says("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + "0\r\n\r\n");
    ASSERT_TRUE(complete());
    EXPECT_EQ(all_of(content()), std::string(5000, 'a'));
}

TEST_F(RequestContentTest, CallsBadChunksBad) {
    client.says("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nnonsense");
    ASSERT_TRUE(complete());
    EXPECT_EQ(all_of(content()), "error " + std::to_string(EBADMSG));
}

TEST_F(RequestContentTest, SaysWhenContentStopsInTheMiddle) {
    client.says("POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhe").meets(ETIMEDOUT);
    ASSERT_TRUE(complete());
    EXPECT_EQ(all_of(content()), "error " + std::to_string(ETIMEDOUT));
}

TEST_F(RequestContentTest, SaysWhenTheClientLeavesInTheMiddleOfItsContent) {
    client.says("POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhe");
    ASSERT_TRUE(complete());
    EXPECT_EQ(all_of(content()), "error " + std::to_string(EBADMSG));
}

TEST_F(RequestContentTest, AsksForContentThatWaitsForIt) {
    client.says("POST / HTTP/1.1\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")
        .says("hello");
    ASSERT_TRUE(complete());
    auto& source = content();
    EXPECT_EQ(client.sent, "");
    EXPECT_EQ(all_of(source), "hello");
    EXPECT_EQ(client.sent, "HTTP/1.1 100 Continue\r\n\r\n");
}

TEST_F(RequestContentTest, AsksForChunkedContentThatWaitsForIt) {
    client.says("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n");
    client.says("1\r\na\r\n").says("0\r\n\r\n");
    ASSERT_TRUE(complete());
    EXPECT_EQ(all_of(content()), "a");
    EXPECT_EQ(client.sent, "HTTP/1.1 100 Continue\r\n\r\n");
}

TEST_F(RequestContentTest, DoesNotAskForContentThatIsThereAlready) {
    client.says("POST / HTTP/1.1\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\nhello");
    ASSERT_TRUE(complete());
    EXPECT_EQ(all_of(content()), "hello");
    EXPECT_EQ(client.sent, "");
}

TEST_F(RequestContentTest, DoesNotAskForContentThatNobodyReads) {
    client.says("POST / HTTP/1.1\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
    ASSERT_TRUE(complete());
    content();
    EXPECT_FALSE(reader.discard_content());
    EXPECT_EQ(client.sent, "");
}

TEST_F(RequestContentTest, DoesNotAskAnHttp10ClientForItsContent) {
    client.says("POST / HTTP/1.0\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")
        .says("hello");
    ASSERT_TRUE(complete());
    EXPECT_EQ(all_of(content()), "hello");
    EXPECT_EQ(client.sent, "");
}

TEST_F(RequestContentTest, ForgetsTheRestOfTheContent) {
    client.says("POST / HTTP/1.1\r\nContent-Length: 50000\r\n\r\n" + std::string(50'000, 'x'));
    client.says("GET /2 HTTP/1.1\r\n\r\n");
    ASSERT_TRUE(complete());
    std::array<char, 10> little;
    EXPECT_TRUE(content().read(little));
    EXPECT_TRUE(reader.discard_content());
    ASSERT_TRUE(complete());
    EXPECT_EQ(head->target, "/2");
}

TEST_F(RequestContentTest, DoesNotForgetContentThatIsMalformed) {
    client.says("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n");
    ASSERT_TRUE(complete());
    content();
    EXPECT_FALSE(reader.discard_content());
}

TEST_F(RequestContentTest, DoesNotForgetMoreThanItIsWorth) {
    client.says("POST / HTTP/1.1\r\nContent-Length: 1000000000\r\n\r\n");
    for (int i = 0; i < 1000; ++i) client.says(std::string(100'000, 'x'));
    ASSERT_TRUE(complete());
    content();
    EXPECT_FALSE(reader.discard_content());
    EXPECT_GT(client.events.size(), 500U);
}

} // namespace

} // namespace preforkd::http
