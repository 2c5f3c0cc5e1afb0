#include "config/sections.h"

#include <gtest/gtest.h>

#include "unit/config/language.h"

namespace preforkd::config {
namespace {

using testing::Words;

class Sections : public ::testing::Test, public testing::Language {
  protected:
    const Server& main() const { return configuration->main_server(); }
    Words patterns(const std::vector<const Section*>& sections) const {
        Words names;
        for (const auto* section : sections) names.push_back(section->pattern);
        return names;
    }
};

TEST_F(Sections, OfDirectoriesLoseTheirLastSlashAndStandBelowServerRoot) {
    ASSERT_TRUE(read("<Directory /a//b/>\n</Directory>\n<Directory />\n</Directory>\n"
                     "<Directory www>\n</Directory>\n"));
    EXPECT_EQ(main().directories[0]->pattern, "/a/b");
    EXPECT_EQ(main().directories[0]->depth, 2);
    EXPECT_EQ(main().directories[1]->pattern, "/");
    EXPECT_EQ(main().directories[1]->depth, 0);
    EXPECT_EQ(main().directories[2]->pattern, path("www"));
}

TEST_F(Sections, OfDirectoriesAreListedFromTheRootDownAndRegexesLast) {
    ASSERT_TRUE(read("<DirectoryMatch x>\n</DirectoryMatch>\n<Directory /a/b>\n</Directory>\n"
                     "<Directory ~ y>\n</Directory>\n<Directory />\n</Directory>\n"
                     "<Directory /c>\n</Directory>\n<Directory /a>\n</Directory>\n"));
    EXPECT_EQ(patterns(main().all_directories), (Words{"/", "/c", "/a", "/a/b", "x", "y"}));
}

TEST_F(Sections, OfLocationsStayInTheirOrder) {
    ASSERT_TRUE(read("<Location /b>\n</Location>\n<LocationMatch x>\n</LocationMatch>\n"
                     "<Location /a>\n</Location>\n"));
    EXPECT_EQ(patterns(main().all_locations), (Words{"/b", "x", "/a"}));
}

TEST_F(Sections, AreRegexesByNameOrTilde) {
    ASSERT_TRUE(read("<FilesMatch \"^a.c$\">\n</FilesMatch>\n<Files ~ b+>\n</Files>\n"
                     "<Files *.txt>\n</Files>\n<Files plain>\n</Files>\n"));
    EXPECT_TRUE(main().files[0]->regex->matches("abc"));
    EXPECT_TRUE(main().files[1]->regex->matches("xbbx"));
    EXPECT_FALSE(main().files[2]->regex);
    EXPECT_TRUE(main().files[2]->is_glob);
    EXPECT_FALSE(main().files[3]->is_glob);
}

TEST_F(Sections, KeepWhatIsSaidInThem) {
    ASSERT_TRUE(read("Tell outside\n<Directory />\nTell inside\n</Directory>\n"));
    EXPECT_EQ(told(), Words{"outside"});
    EXPECT_EQ(testing::told_in(*main().directories[0]), Words{"inside"});
    EXPECT_EQ(main().directories[0]->place.line, 2);
}

TEST_F(Sections, OfFilesInADirectoryBelongToIt) {
    ASSERT_TRUE(read("<Directory />\n<Files a>\nTell b\n</Files>\n</Directory>\n"));
    EXPECT_TRUE(main().files.empty());
    EXPECT_EQ(testing::told_in(*main().directories[0]->files[0]), Words{"b"});
}

TEST_F(Sections, OfFilesMayNotStandInALocation) {
    EXPECT_EQ(refusal("<Location />\n<Files a>\n</Files>\n</Location>\n"),
              "2: <Files> cannot occur within <Location> section");
}

TEST_F(Sections, WantOneArgument) {
    EXPECT_EQ(refusal("<Directory>\n</Directory>\n"),
              "1: <Directory> directive requires additional arguments");
    EXPECT_EQ(refusal("<Directory /a /b>\n</Directory>\n"),
              "1: Multiple <Directory> arguments not (yet) supported.");
    EXPECT_EQ(refusal("<FilesMatch (>\n</FilesMatch>\n"), "1: Regex could not be compiled");
}

TEST_F(Sections, OfMethodsPassTheirContentOn) {
    ASSERT_TRUE(read("<Directory />\n<Limit GET POST>\nTell a\n</Limit>\n</Directory>\n"));
    EXPECT_EQ(testing::told_in(*main().directories[0]), Words{"a"});
}

TEST_F(Sections, OfMethodsMayNotExcludeAllOrNameTrace) {
    EXPECT_EQ(
        refusal("<Directory />\n<Limit GET>\n<Limit POST>\n</Limit>\n</Limit>\n</Directory>\n"),
        "3: <Limit> directive excludes all methods");
    EXPECT_EQ(refusal("<Directory />\n<Limit TRACE>\n</Limit>\n</Directory>\n"),
              "2: TRACE cannot be controlled by <Limit>, see TraceEnable");
}

TEST(MethodLimit, CountsHeadAsGet) {
    EXPECT_TRUE((MethodLimit{false, {"GET"}}.covers("HEAD")));
    EXPECT_FALSE((MethodLimit{true, {"GET"}}.covers("HEAD")));
    EXPECT_TRUE((MethodLimit{true, {"GET"}}.covers("POST")));
}

} // namespace
} // namespace preforkd::config
