#include "modules/content/include/codings.h"

#include <gtest/gtest.h>

namespace preforkd::ssi {
namespace {

std::string encoded(std::string_view codings, std::string text) {
    std::string_view unknown;
    return encode(codings, std::move(text), unknown).value_or("unknown " + std::string(unknown));
}

std::string decoded(std::string_view codings, std::string text) {
    std::string_view unknown;
    return decode(codings, std::move(text), unknown).value_or("unknown " + std::string(unknown));
}

TEST(Codings, EncodeForTheirPlace) {
    EXPECT_EQ(encoded("entity", "<a & \"b\">"), "&lt;a &amp; &quot;b&quot;&gt;");
    EXPECT_EQ(encoded("urlencoded", "a b&c*-._~"), "a+b%26c*-._%7e");
    EXPECT_EQ(encoded("none", "<"), "<");
    EXPECT_EQ(encoded("Base64", "secret"), "c2VjcmV0");
}

TEST(Codings, DecodeWhatTheyEncode) {
    EXPECT_EQ(decoded("urlencoded", "a+b%26"), "a b&");
    EXPECT_EQ(decoded("url", "a+b%2"), "a+b%2");
    EXPECT_EQ(decoded("base64", "c2VjcmV0"), "secret");
    EXPECT_EQ(decoded("entity", "&lt;&#65;&#256;&;&x"), "<A&#256;&;&x");
}

TEST(Codings, ComeOneAfterTheOther) {
    EXPECT_EQ(encoded("base64, entity", "???"), "Pz8/");
    EXPECT_EQ(decoded("base64,url", "JTQx"), "A");
    EXPECT_EQ(encoded("entity,rot13", "x"), "unknown rot13");
}

} // namespace
} // namespace preforkd::ssi
