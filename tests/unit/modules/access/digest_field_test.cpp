#include "modules/access/auth_digest/digest_field.h"

#include <gtest/gtest.h>

#include "modules/access/auth_digest/nonce.h"

namespace preforkd::auth_digest {
namespace {

TEST(DigestField, IsReadWithAndWithoutQuotes) {
    Arena arena;
    const auto field =
        parse_digest_field("username=\"a \\\"b\\\"\", realm = \"r\",nonce=n ,uri=\"/x?a=b,c\", "
                           "response=\"0123456789abcdef0123456789abcdef\", "
                           "cnonce=\"c\", nc=00000001, qop=auth, unknown=\"x\"",
                           arena);
    ASSERT_TRUE(field);
    EXPECT_EQ(field->user, "a \"b\"");
    EXPECT_EQ(field->realm, "r");
    EXPECT_EQ(field->nonce, "n");
    EXPECT_EQ(field->uri, "/x?a=b,c");
    EXPECT_EQ(field->qop, "auth");
    EXPECT_TRUE(field->is_complete());
}

TEST(DigestField, IsNothingWhereItMakesNoSense) {
    Arena arena;
    EXPECT_FALSE(parse_digest_field("nonsense", arena)->is_complete());
    EXPECT_FALSE(parse_digest_field("username=\"open", arena));
    EXPECT_FALSE(parse_digest_field("username=\"a\\", arena));
    EXPECT_FALSE(parse_digest_field("username=\"a\", realm=\"r\"", arena)->is_complete());
}

// The example of RFC 2617 §3.5.
TEST(DigestField, HasTheResponseThatTheStandardSays) {
    DigestField field;
    field.uri = "/dir/index.html";
    field.nonce = "dcd98b7102dd2f0e8b11d0f600bfb0c093";
    field.count = "00000001";
    field.cnonce = "0a4f113b";
    field.qop = "auth";
    EXPECT_EQ(expected_response(field, "939e7578ed9e3c518a452acee763bce9", "GET"),
              "6629fae49393a05397450978507c4ef1");
}

TEST(DigestField, TellsWhichClientItIs) {
    const auto client = [](std::string_view opaque) {
        DigestField field;
        field.opaque = opaque;
        return field.client();
    };
    EXPECT_EQ(client("1f"), 31u);
    EXPECT_EQ(client("ffffffff"), 0xffffffffu);
    for (const auto* text : {"", "0", "x", "1x", " 1", "-1", "0x1", "100000000"})
        EXPECT_EQ(client(text), 0u) << text;
    EXPECT_FALSE(DigestField().has_opaque());
    Arena arena;
    EXPECT_TRUE(parse_digest_field("opaque=\"\"", arena)->has_opaque());
}

TEST(DigestField, TellsHowOftenTheNonceWasUsed) {
    DigestField field;
    field.count = "0000001a";
    EXPECT_EQ(field.use_count(), 26u);
    for (const auto* text : {"", "x", "1x", "-1", "0x1", "10000000000000000"}) {
        field.count = text;
        EXPECT_FALSE(field.use_count()) << text;
    }
}

TEST(Nonce, IsKnownAgainAndBoundToItsRealmAndClient) {
    use_secret(new_secret());
    const NonceOwner owner{"realm", "1f"};
    const auto nonce = make_nonce(owner, 1'795'220'590'012'345);
    EXPECT_EQ(nonce.size(), nonce_length);
    EXPECT_TRUE(is_shaped_like_ours(nonce));
    EXPECT_EQ(time_of(nonce, owner), 1'795'220'590'012'345);
    EXPECT_TRUE(nonce.ends_with(expected_seal(nonce, owner)));
    EXPECT_FALSE(time_of(nonce, {"other", "1f"}));
    EXPECT_FALSE(time_of(nonce, {"realm", "1e"}));
    EXPECT_FALSE(time_of(nonce, {"realm", ""}));
    auto changed = nonce;
    changed[3] = changed[3] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(time_of(changed, owner));
    EXPECT_FALSE(time_of("short", owner));
}

TEST(Nonce, EndsWithItsSecret) {
    use_secret(new_secret());
    const auto nonce = make_nonce({"realm", ""}, 1);
    use_secret(new_secret());
    EXPECT_FALSE(time_of(nonce, {"realm", ""}));
}

} // namespace
} // namespace preforkd::auth_digest
