#include "base/base64.h"

#include <gtest/gtest.h>
#include <utility>
#include <vector>

namespace preforkd::testing {

// RFC 4648 §10
TEST(Base64, IsTheRfcs) {
    const std::vector<std::pair<std::string, std::string>> vectors{
        {"", ""},
        {"f", "Zg=="},
        {"fo", "Zm8="},
        {"foo", "Zm9v"},
        {"foob", "Zm9vYg=="},
        {"fooba", "Zm9vYmE="},
        {"foobar", "Zm9vYmFy"},
    };
    for (const auto& [bytes, text] : vectors) {
        EXPECT_EQ(base64(bytes), text);
        EXPECT_EQ(decode_base64(text), bytes);
    }
}

TEST(Base64, KnowsEveryByte) {
    std::string bytes;
    for (int byte = 0; byte < 256; ++byte) bytes += static_cast<char>(byte);
    EXPECT_EQ(decode_base64(base64(bytes)), bytes);
}

TEST(Base64, EndsAtWhatIsNone) {
    EXPECT_EQ(decode_base64("Zm9v YmFy"), "foo");
    EXPECT_EQ(decode_base64("Zm9v="), "foo");
    EXPECT_EQ(decode_base64("Z"), "");
}

} // namespace preforkd::testing
