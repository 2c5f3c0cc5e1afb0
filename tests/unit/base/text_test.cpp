#include "base/text.h"

#include <gtest/gtest.h>

namespace preforkd {

TEST(Text, ReadsOnlyWholeDecimalNumbers) {
    EXPECT_EQ(parse_decimal("42"), 42);
    EXPECT_FALSE(parse_decimal(""));
    EXPECT_FALSE(parse_decimal("+1"));
    EXPECT_FALSE(parse_decimal("-1"));
    EXPECT_FALSE(parse_decimal("1 "));
    EXPECT_FALSE(parse_decimal("99999999999999999999"));
}

TEST(Text, ComparesInAnyLetterCase) {
    EXPECT_TRUE(iequals("Keep-Alive", "keep-alive"));
    EXPECT_FALSE(iequals("Keep-Alive", "keep-aliv"));
    EXPECT_TRUE(iends_with("page.HTML", ".html"));
}

TEST(Text, SplitsAndTrims) {
    EXPECT_EQ(split("a, b,,c", ','), (std::vector<std::string_view>{"a", "b", "", "c"}));
}

TEST(ShortSize, NeedsFourCharacters) {
    EXPECT_EQ(short_size(-1), "  - ");
    EXPECT_EQ(short_size(0), "  0 ");
    EXPECT_EQ(short_size(972), "972 ");
    EXPECT_EQ(short_size(973), "1.0K");
    EXPECT_EQ(short_size(5000), "4.9K");
    EXPECT_EQ(short_size(10187), "9.9K");
    EXPECT_EQ(short_size(10239), " 10K");
    EXPECT_EQ(short_size(2000000), "1.9M");
    EXPECT_EQ(short_size(972 * 1024), "972K");
    EXPECT_EQ(short_size(973 * 1024), "1.0M");
}

} // namespace preforkd
