// Where directives may stand, and what they take.
#include "config/apply.h"

#include <gtest/gtest.h>

#include "unit/config/language.h"

namespace preforkd::config {
namespace {

using testing::Words;

class Applying : public ::testing::Test, public testing::Language {};

TEST_F(Applying, CountsTheWordsOfADirective) {
    EXPECT_EQ(refusal("TellTwo a\n"), "1: TellTwo takes two arguments, a word and another");
    EXPECT_EQ(refusal("TellTwo a b c\n"), "1: TellTwo takes two arguments, a word and another");
    EXPECT_EQ(refusal("TellEach\n"), "1: TellEach requires at least one argument, what to tell");
    EXPECT_EQ(refusal("Nothing a\n"), "1: Nothing takes no arguments");
    EXPECT_EQ(refusal("TellPairs a\n"), "1: TellPairs requires at least two arguments");
}

TEST_F(Applying, TakesAnEmptyWordForNone) {
    EXPECT_EQ(refusal("TellTwo a \"\"\n"), "1: TellTwo takes two arguments, a word and another");
}

TEST_F(Applying, CallsADirectiveOnceForEachWordOrPair) {
    EXPECT_EQ(told_after("TellEach a b\nTellPairs k 1 2\n"), (Words{"a", "b", "k", "1", "k", "2"}));
}

TEST_F(Applying, LeavesARawArgumentAsItStands) {
    EXPECT_EQ(told_after("TellRaw  \"a b\"  c # d\n"), Words{"\"a b\"  c # d"});
}

TEST_F(Applying, TakesOnAndOffForAFlagAndIgnoresTheRest) {
    ASSERT_TRUE(read("Flag oN and more\n"));
    EXPECT_EQ(configuration->main_server().directory_settings.find<testing::Told>()->flag, true);
    EXPECT_EQ(refusal("Flag yes\n"), "1: Flag must be On or Off");
    EXPECT_EQ(refusal("Flag\n"), "1: Flag must be On or Off");
}

TEST_F(Applying, RefusesWhatMayNotStandInASection) {
    EXPECT_EQ(refusal("<Files a>\nFirst x\n</Files>\n"), "2: First not allowed in <Files> context");
    EXPECT_EQ(refusal("<VirtualHost *>\nMainOnly x\n</VirtualHost>\n"),
              "2: MainOnly cannot occur within <VirtualHost> section");
    EXPECT_EQ(refusal("<Directory />\n<Directory /a>\n</Directory>\n</Directory>\n"),
              "2: <Directory not allowed in <Directory> context");
}

TEST_F(Applying, NamesASectionThatNobodyKnows) {
    EXPECT_EQ(refusal("<Foo a>\n</Foo>\n"), "1: Invalid command '<Foo', perhaps misspelled or "
                                            "defined by a module not included in the server "
                                            "configuration");
}

} // namespace
} // namespace preforkd::config
