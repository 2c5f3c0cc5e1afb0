// Sections, conditions and includes, as they change what is read.
#include "config/reading.h"

#include <gtest/gtest.h>

#include "unit/config/language.h"

namespace preforkd::config {
namespace {

using testing::Words;

class Reading : public ::testing::Test, public testing::Language {};

TEST_F(Reading, SkipsCommentsAndEmptyLines) {
    EXPECT_EQ(told_after("# Tell a\n\n  # x\nTell b\n"), Words{"b"});
}

TEST_F(Reading, JoinsACommentThatEndsInABackslash) {
    EXPECT_EQ(told_after("# a \\\nTell b\nTell c\n"), Words{"c"});
}

TEST_F(Reading, TakesNamesInAnyLetterCaseAndInQuotes) {
    EXPECT_EQ(told_after("tELL a\n\"Tell\" b\n"), (Words{"a", "b"}));
}

TEST_F(Reading, ReplacesVariablesInNamesAndArguments) {
    EXPECT_EQ(told_after("Define it Tell\nDefine what \"a b\"\n${it} ${what} \"${what}\"\n"),
              (Words{"a", "b", "a b"}));
}

TEST_F(Reading, WarnsOfVariablesThatNobodyDefined) {
    ASSERT_TRUE(read("Tell ${nobody}\n"));
    EXPECT_EQ(warnings(), Words{"core: AH00111: Config variable ${nobody} is not defined"});
}

TEST_F(Reading, ForgetsAVariableThatIsUndefined) {
    EXPECT_EQ(told_after("Define a b\nTell ${a}\nUnDefine a\nTell ${a}\n"), (Words{"b", "${a}"}));
}

TEST_F(Reading, ReadsTheContentOfAConditionThatHolds) {
    EXPECT_EQ(told_after("<IfModule mod_reading.c>\nTell a\n</IfModule>\n"
                         "<IfModule reading_module>\nTell b\n</IfModule>\n"
                         "<IfModule !extra_module>\nTell c\n</IfModule>\n"),
              (Words{"a", "b", "c"}));
}

TEST_F(Reading, SkipsTheContentOfAConditionThatDoesNotHold) {
    EXPECT_EQ(told_after("<IfModule extra_module>\nFrobnicate\n<Foo x>\n</Foo>\n</IfModule>\n"),
              Words{});
}

TEST_F(Reading, AsksConditionsForDefinedNames) {
    ASSERT_TRUE(read("<IfDefine A>\nTell a\n</IfDefine>\n<IfDefine !B>\nTell b\n</IfDefine>\n"
                     "Define B\n<IfDefine B>\nTell c\n</IfDefine>\n",
                     {"A"}));
    EXPECT_EQ(told(), (Words{"a", "b", "c"}));
}

TEST_F(Reading, AsksConditionsForFilesDirectivesAndSections) {
    EXPECT_EQ(
        told_after("<IfFile main.conf>\nTell a\n</IfFile>\n<IfFile nothing>\nTell b\n</IfFile>"
                   "\n<IfDirective Tell>\nTell c\n</IfDirective>\n<IfDirective Extra>\n"
                   "Tell d\n</IfDirective>\n<IfSection Files>\nTell e\n</IfSection>\n"),
        (Words{"a", "c", "e"}));
}

TEST_F(Reading, ComparesVersions) {
    EXPECT_EQ(told_after("<IfVersion >= 2.4>\nTell a\n</IfVersion>\n<IfVersion < 2.4>\nTell b\n"
                         "</IfVersion>\n<IfVersion ~ ^2\\.>\nTell c\n</IfVersion>\n"
                         "<IfVersion !> 3>\nTell d\n</IfVersion>\n"),
              (Words{"a", "c", "d"}));
}

TEST_F(Reading, EnablesTheDirectivesOfAModuleThatIsLoaded) {
    EXPECT_EQ(refusal("Extra a\n"),
              "1: Invalid command 'Extra', perhaps misspelled or defined by a "
              "module not included in the server configuration");
    EXPECT_EQ(told_after("LoadModule extra_module any.so\nExtra a\n"), Words{"a"});
}

TEST_F(Reading, WarnsOfAModuleThatIsLoadedTwice) {
    ASSERT_TRUE(read("LoadModule extra_module any.so\nLoadModule extra_module any.so\n"));
    EXPECT_EQ(warnings(),
              Words{"reading: AH01574: module extra_module is already loaded, skipping"});
}

TEST_F(Reading, TakesTheFirstLoadModuleOfABuiltInModuleWithoutAWord) {
    ASSERT_TRUE(read("LoadModule reading_module any.so\n"));
    EXPECT_TRUE(warnings().empty());
    ASSERT_TRUE(read("LoadModule reading_module any.so\nLoadModule reading_module any.so\n"));
    EXPECT_EQ(warnings().size(), 1u);
}

TEST_F(Reading, TellsWhoAsksForItOfEveryModule) {
    ASSERT_TRUE(read("LoadModule extra_module /any.so\n"));
    EXPECT_EQ(warnings(log::Level::debug),
              Words{"so: AH01575: loaded module extra_module from /any.so"});
}

TEST_F(Reading, RefusesToLoadWhatIsNeverAFile) {
    EXPECT_EQ(refusal("LoadModule core_module core.so\n"),
              "1: module core_module is built-in and can't be loaded");
}

TEST_F(Reading, NamesTheModuleOfAWarning) {
    ASSERT_TRUE(read("LoadModule extra_module any.so\nExtraWarn a\nWarn b\n"));
    EXPECT_EQ(warnings(), (Words{"extra: a", "core: b"}));
}

TEST_F(Reading, ObeysWhatTheCommandLineSaysBeforeAndAfter) {
    before = {"Tell a"};
    after = {"Tell c"};
    EXPECT_EQ(told_after("Tell b\n"), (Words{"a", "b", "c"}));
}

TEST_F(Reading, IncludesFilesWhereTheyAreNamed) {
    write("one.conf", "Tell b\nInclude two.conf\n");
    write("two.conf", "Tell c\n");
    EXPECT_EQ(told_after("Tell a\nInclude one.conf\nTell d\n"), (Words{"a", "b", "c", "d"}));
    EXPECT_EQ(configuration->included_files.size(), 3u);
    EXPECT_EQ(configuration->included_files[2], "      (2) " + path("two.conf"));
}

TEST_F(Reading, BlamesEveryFileOnTheWayToAMistake) {
    write("one.conf", "\nInclude nothing.conf\n");
    EXPECT_EQ(refusal("Include one.conf\n"), "1: Syntax error on line 2 of " + path("one.conf") +
                                                 ": Could not open configuration file " +
                                                 path("nothing.conf") +
                                                 ": No such file or directory");
}

TEST_F(Reading, RefusesAFileThatIncludesItself) {
    write("loop.conf", "Include loop.conf\n");
    EXPECT_NE(refusal("Include loop.conf\n").find("Exceeded the maximum include depth of 128"),
              std::string::npos);
}

TEST_F(Reading, RefusesSectionsThatOverlap) {
    EXPECT_EQ(refusal("<Directory />\n<Files a>\n</Directory>\n</Files>\n"),
              "3: Expected </Files> but saw </Directory>");
}

TEST_F(Reading, RefusesAnEndWithoutABeginning) {
    EXPECT_EQ(refusal("\n</Files>\n"), "2: </Files> without matching <Files> section");
}

TEST_F(Reading, RefusesAnEndWithoutItsBracket) {
    EXPECT_EQ(refusal("<Files a>\n</Files\n"), "2: </Files> directive missing closing '>'");
}

TEST_F(Reading, RefusesABeginningWithoutItsBracket) {
    EXPECT_EQ(refusal("<Files a\n</Files>\n"), "1: <Files> directive missing closing '>'");
}

TEST_F(Reading, NamesEverySectionThatWasNotClosed) {
    const std::string file = path("main.conf");
    EXPECT_EQ(refusal("Tell a\n<Directory />\n<Files a>\n"),
              "2: " + file + ":3: <Files> was not closed.\n" + file +
                  ":2: <Directory> was not closed.");
}

TEST_F(Reading, LetsTheEndOfTheFileEndACondition) {
    EXPECT_EQ(told_after("<IfDefine !X>\nTell a\n"), Words{"a"});
    EXPECT_TRUE(read("<IfDefine !X>\n<Files a>\n"));
}

TEST_F(Reading, DoesNotLetTheEndOfTheFileEndWhatIsSkipped) {
    EXPECT_EQ(refusal("\n<IfDefine X>\nTell a\n"),
              "2: Expected </IfDefine> before end of configuration");
}

TEST_F(Reading, ChecksTheOrderOfSectionsThatAreSkipped) {
    EXPECT_EQ(refusal("<IfDefine X>\n<Files a>\n</IfDefine>\n"),
              "1: Expected </Files> but saw </IfDefine>");
}

TEST_F(Reading, RefusesASectionThatAnIncludedFileDoesNotClose) {
    write("open.conf", "<Files a>\n");
    EXPECT_NE(refusal("Include open.conf\n</Files>\n").find(":1: <Files> was not closed."),
              std::string::npos);
}

TEST_F(Reading, NestsSectionsToALimit) {
    const auto nested = [](const std::string& begin, const std::string& end, int depth) {
        return testing::repeated(begin, depth) + testing::repeated(end, depth);
    };
    EXPECT_TRUE(read(nested("<Files a>\n", "</Files>\n", 200)));
    EXPECT_EQ(refusal(nested("<Files a>\n", "</Files>\n", 201)),
              "201: <Files> stands in 200 other sections, and that is as deep as they may be "
              "nested");
    EXPECT_FALSE(read(nested("<Files a>\n", "</Files>\n", 20000)));
    EXPECT_FALSE(read(nested("<IfDefine !X>\n", "</IfDefine>\n", 20000)));
    EXPECT_TRUE(read(nested("<IfDefine X>\n", "</IfDefine>\n", 20000)));
}

} // namespace
} // namespace preforkd::config
