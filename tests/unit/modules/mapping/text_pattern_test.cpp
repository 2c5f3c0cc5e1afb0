#include "modules/mapping/setenvif/text_pattern.h"

#include <array>
#include <gtest/gtest.h>

namespace preforkd {
namespace {

TextPattern pattern(std::string_view text, Regex::Case letter_case = Regex::Case::sensitive) {
    auto compiled = TextPattern::compile(text, letter_case);
    EXPECT_TRUE(compiled) << text;
    return std::move(*compiled);
}

TEST(TextPattern, LooksForPlainTextAnywhere) {
    const auto bot = pattern("BadBot/1");
    EXPECT_FALSE(bot.has_groups());
    EXPECT_TRUE(bot.matches("a BadBot/1.0"));
    EXPECT_FALSE(bot.matches("badbot/1"));
}

TEST(TextPattern, TakesEscapedSpecialCharactersForText) {
    const auto dotted = pattern("1\\.0\\\\");
    EXPECT_FALSE(dotted.has_groups());
    EXPECT_TRUE(dotted.matches("HTTP/1.0\\x"));
    EXPECT_FALSE(dotted.matches("1x0\\"));
}

TEST(TextPattern, IsARegularExpressionOtherwise) {
    EXPECT_TRUE(pattern("^a+$").matches("aaa"));
    EXPECT_FALSE(pattern("^a+$").matches("baaa"));
    EXPECT_TRUE(pattern("\\d").matches("x1"));
    EXPECT_TRUE(pattern("bot", Regex::Case::ignored).matches("A BOT"));
}

TEST(TextPattern, FillsTheGroupsOfARegularExpression) {
    const auto captured = pattern("^(a+)b");
    ASSERT_TRUE(captured.has_groups());
    std::array<std::string_view, 2> groups;
    ASSERT_TRUE(captured.match("aab", groups));
    EXPECT_EQ(groups[1], "aa");
}

TEST(TextPattern, RefusesABadRegularExpression) {
    EXPECT_FALSE(TextPattern::compile("(", Regex::Case::sensitive));
}

} // namespace
} // namespace preforkd
