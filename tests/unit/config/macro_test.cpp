#include "config/macro.h"

#include <gtest/gtest.h>

#include "unit/config/language.h"

namespace preforkd::config {
namespace {

using testing::Words;

class Macros : public ::testing::Test, public testing::Language {
  protected:
    // "macro 'm' (defined on line 1 of "…/main.conf")"
    std::string first_macro() const {
        return "macro 'm' (defined on line 1 of \"" + path("main.conf") + "\")";
    }
};

TEST_F(Macros, PutValuesForTheirParameters) {
    EXPECT_EQ(told_after("<Macro m $a %b>\nTell $a-%b \"$a\"\n</Macro>\nUse m 1 2\nUSE M 3 4\n"),
              (Words{"1-2", "1", "3-4", "3"}));
}

TEST_F(Macros, TakeTheLongerOfTwoParametersThatBeginAlike) {
    EXPECT_EQ(told_after("<Macro m $a $ab>\nTell $ab $a\n</Macro>\nUse m 1 2\n"),
              (Words{"2", "1"}));
    EXPECT_EQ(warnings().size(), 1u);
}

TEST_F(Macros, DoNotReplaceParametersInValues) {
    EXPECT_EQ(told_after("<Macro m $a $b>\nTell $a $b\n</Macro>\nUse m $b x\n"),
              (Words{"$b", "x"}));
}

TEST_F(Macros, TellParametersApartByTheirLetterCase) {
    EXPECT_EQ(told_after("<Macro m $a $A>\nTell $a $A\n</Macro>\nUse m 1 2\n"), (Words{"1", "2"}));
}

TEST_F(Macros, MayUseOthers) {
    EXPECT_EQ(
        told_after("<Macro n>\nTell n\n</Macro>\n<Macro m>\nUse n\nTell m\n</Macro>\nUse m\n"),
        (Words{"n", "m"}));
}

TEST_F(Macros, MayBeginASectionThatAnotherEnds) {
    ASSERT_TRUE(read("<Macro m>\n<Files a>\n</Macro>\n<Macro n>\n</Files>\n</Macro>\n"
                     "Use m\nTell b\nUse n\nTell c\n"));
    EXPECT_EQ(told(), Words{"c"});
    EXPECT_EQ(testing::told_in(*configuration->main_server().files.at(0)), Words{"b"});
}

TEST_F(Macros, MayUndefineThemselves) {
    EXPECT_EQ(told_after("<Macro m>\nUndefMacro m\nTell a\nTell b\n</Macro>\nUse m\n"),
              (Words{"a", "b"}));
    EXPECT_EQ(refusal("<Macro m>\nUndefMacro m\n</Macro>\nUse m\nUse m\n"),
              "5: macro 'm' undefined");
}

TEST_F(Macros, MayDefineThemselvesAnew) {
    EXPECT_EQ(
        told_after("<Macro m>\n<Macro m>\nTell b\n</Macro>\nTell a\n</Macro>\nUse m\nUse m\n"),
        (Words{"a", "b"}));
}

TEST_F(Macros, MayNotUseThemselves) {
    EXPECT_EQ(refusal("<Macro m>\nUse m\n</Macro>\nUse m\n"),
              "1: recursive use of macro 'm' is invalid");
    EXPECT_EQ(refusal("<Macro m>\nUse n\n</Macro>\n<Macro n>\nUse m\n</Macro>\nUse m\n"),
              "1: recursive use of macro 'm' is invalid");
}

TEST_F(Macros, CountTheirLinesWithoutComments) {
    EXPECT_EQ(refusal("<Macro m>\n# a\n\nFrob\n</Macro>\nUse m\n"),
              "2: Invalid command 'Frob', perhaps misspelled or defined by a module not included "
              "in the server configuration");
    EXPECT_EQ(*error.place.file,
              first_macro() + " used on line 6 of \"" + path("main.conf") + "\"");
}

TEST_F(Macros, WantAsManyValuesAsParameters) {
    EXPECT_EQ(refusal("<Macro m $a>\nTell $a\n</Macro>\nUse m\n"),
              "4: " + first_macro() + " used with 0 arguments instead of 1");
}

TEST_F(Macros, WantNamesThatDiffer) {
    EXPECT_EQ(refusal("<Macro m $a $a>\n</Macro>\n"),
              "1: argument name conflict in " + first_macro() +
                  ": argument '$a': #1 and #2, change argument names!");
}

TEST_F(Macros, NameTheirFirstLineWhereTheyAreNotClosed) {
    EXPECT_EQ(refusal("<Macro m>\nTell a\n"),
              "1: " + first_macro() + "\n\tcontents error: expected token not found: </Macro>");
}

TEST_F(Macros, CannotBeUsedOrUndefinedBeforeTheyAreDefined) {
    EXPECT_EQ(refusal("Use m\n"), "1: no macro defined before Use");
    EXPECT_EQ(refusal("UndefMacro m\n"), "1: no macro defined before UndefMacro");
    EXPECT_EQ(refusal("<Macro n>\nTell a\n</Macro>\nUndefMacro m\n"),
              "4: cannot remove undefined macro 'm'");
}

TEST_F(Macros, WarnOfWhatIsProbablyAMistake) {
    ASSERT_TRUE(read("<Macro m a>\nTell b\n</Directory>\n</Macro>\n"));
    const std::string start = "reading: ";
    EXPECT_EQ(warnings(),
              (Words{start + "AH02796: " + first_macro() +
                         " argument name 'a' (#1) without expected prefix, better prefix argument "
                         "names with one of '$%@'.",
                     start + "AH02793: bad (negative) nesting on line 3 of " + first_macro(),
                     start + "AH02795: bad cumulated nesting (-1) in " + first_macro(),
                     start + "AH02800: " + first_macro() + ": argument 'a' (#1) never used"}));
}

} // namespace
} // namespace preforkd::config
