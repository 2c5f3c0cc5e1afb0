#include "config/variables.h"

#include <cstdlib>
#include <gtest/gtest.h>

namespace preforkd::config {
namespace {

class Variables : public ::testing::Test {
  protected:
    Variables() { configuration.variables = {{"a", "1"}, {"b", "two words"}, {"empty", ""}}; }
    std::string replaced(std::string_view text) {
        undefined.clear();
        return replace_variables(text, configuration, undefined);
    }
    Configuration configuration;
    std::vector<std::string> undefined;
};

TEST_F(Variables, AreReplacedWhereverTheyStand) {
    EXPECT_EQ(replaced("x${a}y ${b}${a}"), "x1y two words1");
}

TEST_F(Variables, StayWhereNobodyDefinedThemAndAreReported) {
    EXPECT_EQ(replaced("${nobody} ${a}"), "${nobody} 1");
    EXPECT_EQ(undefined, std::vector<std::string>{"nobody"});
}

TEST_F(Variables, WithAColonAreSomebodyElses) {
    EXPECT_EQ(replaced("${map:key}"), "${map:key}");
    EXPECT_TRUE(undefined.empty());
}

TEST_F(Variables, OfTheEnvironmentComeAfterThoseOfDefine) {
    ::setenv("PREFORKD_TEST_VARIABLE", "outside", 1);
    EXPECT_EQ(replaced("${PREFORKD_TEST_VARIABLE}"), "outside");
    configuration.variables["PREFORKD_TEST_VARIABLE"] = "inside";
    EXPECT_EQ(replaced("${PREFORKD_TEST_VARIABLE}"), "inside");
    ::unsetenv("PREFORKD_TEST_VARIABLE");
}

TEST_F(Variables, WithoutAValueCountAsUndefined) {
    EXPECT_EQ(replaced("${empty}"), "${empty}");
    EXPECT_EQ(undefined.size(), 1u);
}

TEST_F(Variables, NeedAClosingBrace) {
    EXPECT_EQ(replaced("${a ${b"), "${a ${b");
    EXPECT_EQ(replaced("$a {a}"), "$a {a}");
}

TEST_F(Variables, AreNotReplacedInTheirOwnValues) {
    configuration.variables["loop"] = "${loop}${a}";
    EXPECT_EQ(replaced("${loop}"), "${loop}${a}");
}

} // namespace
} // namespace preforkd::config
