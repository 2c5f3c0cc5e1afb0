#include <gtest/gtest.h>

#include "modules/mapping/rewrite/rule.h"

namespace preforkd::rewrite {

namespace {

std::string complaint_about_rule(std::string_view line) {
    const auto rule = parse_rule(line);
    return rule ? "" : rule.error().what;
}

std::string complaint_about_condition(std::string_view line) {
    const auto condition = parse_condition(line, {});
    return condition ? "" : condition.error().what;
}

} // namespace

TEST(RewriteRule, TakesQuotedWordsAndEscapedSpaces) {
    EXPECT_EQ(parse_rule(R"("^a b$" "/x y" [L])")->pattern, "^a b$");
    EXPECT_EQ(parse_rule(R"(^a\ b$ /x)")->pattern, R"(^a\ b$)");
    EXPECT_EQ(parse_rule("  ^a$\t/x  ")->output_text, "/x");
}

TEST(RewriteRule, KnowsFlagsByBothNames) {
    const auto brief = parse_rule("a b [L,NC,QSA,R=301,S=2,N=7]");
    const auto whole =
        parse_rule("a b \"[last, nocase, qsappend, redirect=permanent, skip=2, next=7]\"");
    for (const auto* rule : {&*brief, &*whole}) {
        EXPECT_TRUE(rule->last && rule->any_case && rule->appends_query && rule->redirects);
        EXPECT_EQ(rule->status, 301);
        EXPECT_EQ(rule->skip, 2u);
        EXPECT_EQ(rule->most_rounds, 7u);
    }
}

TEST(RewriteRule, EndsARequestWithAStatusThatIsNoRedirect) {
    for (const auto& [flag, status] :
         {std::pair("[F]", 403), std::pair("[G]", 410), std::pair("[R=404]", 404)}) {
        const auto rule = parse_rule(std::string("a b ") + flag);
        EXPECT_TRUE(rule->ends_request && rule->no_substitution && !rule->redirects) << flag;
        EXPECT_EQ(rule->status, status);
    }
}

TEST(RewriteRule, SaysWhatIsWrong) {
    EXPECT_EQ(complaint_about_rule("a"), "RewriteRule: bad argument line 'a'");
    EXPECT_EQ(complaint_about_rule("a b L"), "RewriteRule: bad flag delimiters");
    EXPECT_EQ(complaint_about_rule("a b [X]"), "RewriteRule: unknown flag 'X'");
    EXPECT_EQ(complaint_about_rule("(a b"), "RewriteRule: cannot compile regular expression '(a'");
    EXPECT_EQ(complaint_about_condition("a (b"),
              "RewriteCond: cannot compile regular expression '(b'");
}

TEST(RewriteCond, TellsItsTestFromItsPattern) {
    using Test = Condition::Test;
    for (const auto& [pattern, test, operand] :
         {std::tuple("-f", Test::file, "-f"), std::tuple("-lt5", Test::number_less, "5"),
          std::tuple("-ge 7", Test::number_greater_or_equal, "7"),
          std::tuple("=x", Test::equal, "x"), std::tuple("=\"\"", Test::equal, ""),
          std::tuple(">=b", Test::greater_or_equal, "b"), std::tuple("-foo", Test::pattern, "-foo"),
          std::tuple("^x$", Test::pattern, "^x$")}) {
        const auto condition = parse_condition(std::string("%{X} '") + pattern + "'", {});
        ASSERT_TRUE(condition) << pattern;
        EXPECT_EQ(condition->test, test) << pattern;
        EXPECT_EQ(condition->operand, operand) << pattern;
    }
    EXPECT_TRUE(parse_condition("%{X} !-d", {})->negated);
}

} // namespace preforkd::rewrite
