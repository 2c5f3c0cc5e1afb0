#include "config/words.h"

#include <gtest/gtest.h>

namespace preforkd::config {
namespace {

using Words = std::vector<std::string>;

TEST(Words, AreSeparatedByAnyWhiteSpace) {
    EXPECT_EQ(split_words(" a\t b  c "), (Words{"a", "b", "c"}));
}

TEST(Words, KeepWhiteSpaceBetweenQuotes) {
    EXPECT_EQ(split_words("\"a b\" 'c d'"), (Words{"a b", "c d"}));
}

TEST(Words, MayBeEmptyInQuotes) { EXPECT_EQ(split_words("a \"\" b"), (Words{"a", "", "b"})); }

TEST(Words, TakeAQuoteInTheMiddleAsItIs) {
    EXPECT_EQ(split_words("a\"b c\"d"), (Words{"a\"b", "c\"d"}));
}

TEST(Words, BeginAnewBehindAClosingQuote) { EXPECT_EQ(split_words("\"a\"b"), (Words{"a", "b"})); }

TEST(Words, GoOnToTheEndWhereAQuoteIsNeverClosed) {
    EXPECT_EQ(split_words("\"a b"), (Words{"a b"}));
}

TEST(Words, LoseTheBackslashBeforeTheQuoteInForceOnly) {
    EXPECT_EQ(split_words(R"("a\"b" "a\'b" 'a\'b')"), (Words{"a\"b", R"(a\'b)", "a'b"}));
}

TEST(Words, LoseOneOfTwoBackslashes) {
    EXPECT_EQ(split_words(R"(a\\b "c\\d" e\f)"), (Words{R"(a\b)", R"(c\d)", R"(e\f)"}));
}

TEST(Words, LeaveTheRestWithoutItsLeadingSpace) {
    std::string_view rest = "one   two three";
    EXPECT_EQ(next_word(rest), "one");
    EXPECT_EQ(rest, "two three");
}

} // namespace
} // namespace preforkd::config
