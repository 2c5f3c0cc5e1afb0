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

} // namespace preforkd
