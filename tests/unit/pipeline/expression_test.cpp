#include "pipeline/expression/expression.h"

#include <gtest/gtest.h>

namespace preforkd::testing {

namespace {

std::string fault_of(std::string_view text) {
    const auto made = Expression::condition(text, {});
    return made ? "" : made.error().what;
}

TEST(Expression, SaysWhatItExpectsAndWhere) {
    EXPECT_EQ(fault_of("'a' 'b'"), "syntax error at ''b'', a comparison is expected here");
    EXPECT_EQ(fault_of("true &&"), "syntax error, a word is missing at the end");
    EXPECT_EQ(fault_of("(true"), "syntax error, ')' is missing at the end");
    EXPECT_EQ(fault_of("true true"), "syntax error at 'true', an operator is expected here");
    EXPECT_EQ(fault_of("'a' in {'b'"), "syntax error, ',' or '}' is missing at the end");
    EXPECT_EQ(fault_of("%{REQUEST_URI"), "syntax error, '}' or ':' is missing at the end");
}

TEST(Expression, NamesWhatDoesNotExist) {
    EXPECT_EQ(fault_of("%{NOPE} == 'a'"), "Variable 'NOPE' does not exist");
    EXPECT_EQ(fault_of("nope('a') == 'a'"), "Function 'nope' does not exist");
    EXPECT_EQ(fault_of("-q 'a'"), "Unary operator '-q' does not exist");
    EXPECT_EQ(fault_of("'a' -nope 'a'"), "Binary operator '-nope' does not exist");
}

TEST(Expression, TellsOfTextsThatDoNotEnd) {
    EXPECT_EQ(fault_of("'a"), "Unterminated string or variable");
    EXPECT_EQ(fault_of("'a\nb' == 'c'"), "Unterminated string or variable");
    EXPECT_EQ(fault_of("'a' =~ /b"), "Unterminated regular expression");
    EXPECT_EQ(fault_of("'\\400' == 'a'"), "Escape sequence out of bound");
    EXPECT_EQ(fault_of("'\\9' == 'a'"), "Bad escape sequence");
}

TEST(Expression, LimitsHowDeepItNests) {
    EXPECT_EQ(fault_of(std::string(90, '!') + "true"), "");
    for (const std::string opening : {"!", "(", "md5(", "%{md5:"}) {
        std::string text;
        for (int i = 0; i < 10'000; ++i) text += opening;
        EXPECT_EQ(fault_of(text), "the expression is nested too deep") << opening;
    }
}

TEST(Expression, TakesAnyNumberOfAlternatives) {
    std::string text = "false";
    for (int i = 0; i < 100'000; ++i) text += "||false";
    EXPECT_EQ(fault_of(text), "");
}

TEST(Expression, KnowsWhetherItAsksForAUser) {
    EXPECT_TRUE(Expression::condition("%{Remote_User} == 'a'", {})->asks_for_user());
    EXPECT_FALSE(Expression::condition("%{REQUEST_URI} == 'a'", {})->asks_for_user());
}

} // namespace

} // namespace preforkd::testing
