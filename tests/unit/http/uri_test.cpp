#include "http/uri.h"

#include <gtest/gtest.h>

namespace preforkd::http {

namespace {

using Form = Target::Form;
using Outcome = Decoded::Outcome;

TEST(Target, InOriginFormIsPathAndQuery) {
    const auto target = parse_target("/a/b%20c?d=e?f");
    ASSERT_TRUE(target);
    EXPECT_EQ(target->form, Form::origin);
    EXPECT_EQ(target->path, "/a/b%20c");
    EXPECT_EQ(target->query, "d=e?f");
    EXPECT_EQ(target->authority, "");
}

TEST(Target, TellsAnEmptyQueryFromNone) {
    EXPECT_EQ(parse_target("/a")->query, std::nullopt);
    EXPECT_EQ(parse_target("/a?")->query, "");
}

TEST(Target, InAbsoluteFormNamesItsAuthority) {
    const auto target = parse_target("HTTP://Example.com:8080/a?b");
    ASSERT_TRUE(target);
    EXPECT_EQ(target->form, Form::absolute);
    EXPECT_EQ(target->scheme, "HTTP");
    EXPECT_EQ(target->authority, "Example.com:8080");
    EXPECT_EQ(target->path, "/a");
    EXPECT_EQ(target->query, "b");
}

// RFC 9110 §4.2.3
TEST(Target, InAbsoluteFormMayHaveAnEmptyPort) {
    EXPECT_EQ(parse_target("http://a.test:/b")->authority, "a.test");
    EXPECT_FALSE(parse_target("http://:/b"));
}

TEST(Target, InAbsoluteFormWithoutAPathMeansTheRoot) {
    EXPECT_EQ(parse_target("http://a.test")->path, "/");
    EXPECT_EQ(parse_target("https://a.test")->path, "/");
    const auto with_query = parse_target("http://a.test?b");
    EXPECT_EQ(with_query->path, "/");
    EXPECT_EQ(with_query->query, "b");
}

TEST(Target, InAuthorityFormNeedsAPort) {
    const auto target = parse_target("a.test:443");
    ASSERT_TRUE(target);
    EXPECT_EQ(target->form, Form::authority);
    EXPECT_EQ(target->authority, "a.test:443");
    EXPECT_FALSE(parse_target("a.test"));
}

TEST(Target, MayBeAnAsterisk) {
    const auto target = parse_target("*");
    ASSERT_TRUE(target);
    EXPECT_EQ(target->form, Form::asterisk);
    EXPECT_FALSE(parse_target("*/"));
}

TEST(Target, IsRefusedWhereRfc9112DoesNotAllowIt) {
    for (const std::string_view text :
         {"", " ", "a/b", "/a#b", "/a b", "/a\tb", "/a\x01", "/a\x7f", "ftp://a.test/", "http://",
          "http:///a", "http://user@a.test/", "http://a.test:http/", "http://a.test:99999/",
          "http://a b/", "mailto:a@b", "://a.test/"})
        EXPECT_FALSE(parse_target(text)) << text;
    EXPECT_FALSE(parse_target(std::string_view("/a\0b", 4)));
}

TEST(Target, MayHoldRawUtf8) { EXPECT_EQ(parse_target("/caf\xc3\xa9")->path, "/caf\xc3\xa9"); }

class PathTest : public ::testing::Test {
  protected:
    Decoded decode(std::string_view path, EncodedSlashes slashes = EncodedSlashes::refuse) {
        return decode_path(path, slashes, arena);
    }
    std::string normal(std::string_view path, bool merge = true) {
        const auto result = normalize_path(path, merge, arena);
        return result ? std::string(*result) : "none";
    }
    Arena arena;
};

TEST_F(PathTest, WithoutEscapesIsItself) {
    const auto decoded = decode("/a/b");
    EXPECT_EQ(decoded.outcome, Outcome::ok);
    EXPECT_EQ(decoded.path, "/a/b");
}

TEST_F(PathTest, IsDecodedOnce) {
    EXPECT_EQ(decode("/%41%6a%6A").path, "/Ajj");
    EXPECT_EQ(decode("/%2541").path, "/%41");
    EXPECT_EQ(decode("/%25%34%31").path, "/%41");
    EXPECT_EQ(decode("/a%ff").path, "/a\xff");
    EXPECT_EQ(decode("/+").path, "/+");
}

TEST_F(PathTest, WithABadEscapeIsRefused) {
    for (const std::string_view path :
         {"/%", "/%4", "/%4g", "/%g4", "/%%41", "/% 41", "/%-1", "/a%"})
        EXPECT_EQ(decode(path).outcome, Outcome::bad_escape) << path;
}

TEST_F(PathTest, WithAnEncodedNulIsForbidden) {
    EXPECT_EQ(decode("/a%00b").outcome, Outcome::forbidden);
    EXPECT_EQ(decode("/a%00b", EncodedSlashes::decode).outcome, Outcome::forbidden);
}

TEST_F(PathTest, WithAnEncodedSlashIsWhatTheDirectiveSays) {
    EXPECT_EQ(decode("/a%2fb").outcome, Outcome::forbidden);
    EXPECT_EQ(decode("/a%2Fb", EncodedSlashes::decode).path, "/a/b");
    EXPECT_EQ(decode("/a%2fb%41", EncodedSlashes::keep).path, "/a%2fbA");
    EXPECT_EQ(decode("/a%2fb", EncodedSlashes::keep).outcome, Outcome::ok);
}

TEST_F(PathTest, LosesItsDotSegments) {
    EXPECT_EQ(normal("/a/./b"), "/a/b");
    EXPECT_EQ(normal("/a/../b"), "/b");
    EXPECT_EQ(normal("/a/b/.."), "/a/");
    EXPECT_EQ(normal("/a/b/."), "/a/b/");
    EXPECT_EQ(normal("/."), "/");
    EXPECT_EQ(normal("/./"), "/");
    EXPECT_EQ(normal("/a/.."), "/");
    EXPECT_EQ(normal("/a/b/c/../../d"), "/a/d");
}

TEST_F(PathTest, KeepsDotsThatAreNotSegments) {
    EXPECT_EQ(normal("/.a/..b/c./d../..."), "/.a/..b/c./d../...");
}

// RFC 9110 §17.3
TEST_F(PathTest, MustNotClimbAboveTheRoot) {
    EXPECT_EQ(normal("/.."), "none");
    EXPECT_EQ(normal("/../a"), "none");
    EXPECT_EQ(normal("/a/../../b"), "none");
    EXPECT_EQ(normal("/a/./../.."), "none");
}

TEST_F(PathTest, MergesSlashesWhereAsked) {
    EXPECT_EQ(normal("//a///b//"), "/a/b/");
    EXPECT_EQ(normal("/"), "/");
    EXPECT_EQ(normal("//"), "/");
    EXPECT_EQ(normal("//a//b", false), "//a//b");
    EXPECT_EQ(normal("/a//b/./c", false), "/a//b/c");
}

TEST_F(PathTest, ClimbsOverMergedSlashes) {
    EXPECT_EQ(normal("/a//../b"), "/b");
    EXPECT_EQ(normal("//.."), "none");
}

TEST(EscapedPath, KeepsWhatApacheKeeps) {
    EXPECT_EQ(escape_path("/a-b_c.d~e$+!*'(),:;@&=/1"), "/a-b_c.d~e$+!*'(),:;@&=/1");
    EXPECT_EQ(escape_path("/a b"), "/a%20b");
    EXPECT_EQ(escape_path("/a?b#c%d"), "/a%3fb%23c%25d");
    EXPECT_EQ(escape_path("/\xc3\xa9\"<>"), "/%c3%a9%22%3c%3e");
}

TEST(EscapedPath, ProtectsAColonThatWouldEndAScheme) {
    EXPECT_EQ(escape_link("a:b"), "./a:b");
    EXPECT_EQ(escape_link("a/b:c"), "a/b:c");
    EXPECT_EQ(escape_link("/a:b"), "/a:b");
    EXPECT_EQ(escape_path("a:b"), "a:b");
}

TEST(Host, MayHaveAPort) {
    EXPECT_EQ(parse_host("a.test")->host, "a.test");
    EXPECT_EQ(parse_host("a.test")->port, std::nullopt);
    EXPECT_EQ(parse_host("a.test:8080")->port, 8080);
    EXPECT_EQ(parse_host("a.test:8080")->host, "a.test");
    EXPECT_EQ(parse_host("10.0.0.1:65535")->port, 65535);
    EXPECT_EQ(parse_host("a.test.")->host, "a.test.");
}

TEST(Host, MayBeAnAddressInBrackets) {
    EXPECT_EQ(parse_host("[::1]")->host, "[::1]");
    EXPECT_EQ(parse_host("[2001:db8::1]:81")->port, 81);
    EXPECT_EQ(parse_host("[::ffff:10.0.0.1]")->host, "[::ffff:10.0.0.1]");
}

TEST(Host, IsRefusedWhenItHoldsAnythingElse) {
    for (const std::string_view text :
         {"",    ".",        "..",    ".a",     "a..b",        "1.2.3",      "1.2.3.256",
          "a:",  "a b",      "a,b",   "a/b",    "u@a",         "a:b",        "a:1:2",
          "a:0", "a:65536",  "a:-1",  "a:+1",   "a: 1",        "[::1",       "[::1]x",
          "[g]", "::1]",     "a#b",   "a?b",    "a\\b",        "a\"b",       "a%20b",
          "[]",  "[:]",      "[1:2]", "[::::]", "[127.0.0.1]", "0x7f.0.0.1", "0177.0.0.1",
          "a.1", "256.0.0.1"})
        EXPECT_FALSE(parse_host(text)) << text;
}

} // namespace

} // namespace preforkd::http
