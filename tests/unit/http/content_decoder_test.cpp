#include "http/content_decoder.h"

#include <gtest/gtest.h>

namespace preforkd::http {

namespace {

std::string take_all(ContentDecoder& decoder, std::string_view& text) {
    std::string content;
    while (!text.empty() && !decoder.at_end()) content += decoder.take(text);
    return content;
}

TEST(ContentDecoder, CountsALength) {
    auto decoder = ContentDecoder::of_length(5);
    std::string_view text = "hellomore";
    EXPECT_EQ(take_all(decoder, text), "hello");
    EXPECT_TRUE(decoder.at_end());
    EXPECT_EQ(text, "more");
}

TEST(ContentDecoder, JoinsChunksAndLeavesWhatFollows) {
    auto decoder = ContentDecoder::chunked();
    std::string_view text = "5\r\nhello\r\n6;a=b\r\n world\r\n0\r\nX: y\r\n\r\nmore";
    EXPECT_EQ(take_all(decoder, text), "hello world");
    EXPECT_TRUE(decoder.at_end());
    EXPECT_FALSE(decoder.is_malformed());
    EXPECT_EQ(text, "more");
}

TEST(ContentDecoder, RefusesWhatIsNoChunk) {
    for (const std::string_view bad : {"zz\r\n", "5\r\nhello!\r\n", "fffffffffffffffff\r\n"}) {
        auto decoder = ContentDecoder::chunked();
        std::string_view text = bad;
        take_all(decoder, text);
        EXPECT_TRUE(decoder.is_malformed()) << bad;
    }
}

TEST(ContentDecoder, TakesEverythingUpToTheEndOfTheConnection) {
    auto decoder = ContentDecoder::until_close();
    std::string_view text = "all of it";
    EXPECT_EQ(take_all(decoder, text), "all of it");
    EXPECT_FALSE(decoder.at_end());
    EXPECT_TRUE(decoder.ends_with_connection());
}

} // namespace

} // namespace preforkd::http
