#include "config/included_files.h"

#include <gtest/gtest.h>

#include "unit/config/language.h"

namespace preforkd::config {
namespace {

class IncludedFiles : public ::testing::Test {
  protected:
    // Paths below the folder, or the error.
    testing::Words found(const std::string& pattern, bool optional = false) {
        const auto paths = find_included_files(files.path(pattern), optional);
        if (!paths) return {paths.error().what};
        testing::Words names;
        for (const auto& path : *paths) names.push_back(path.substr(files.path().size()));
        return names;
    }
    testing::Files files;
};

TEST_F(IncludedFiles, AreWhatAPlainPathSaysWhetherOrNotItIsThere) {
    EXPECT_EQ(found("nothing.conf"), testing::Words{"nothing.conf"});
    EXPECT_EQ(found("nothing.conf", true), testing::Words{});
}

TEST_F(IncludedFiles, ComeInTheOrderOfTheirNames) {
    for (const auto* name : {"d/b.conf", "d/a.conf", "d/c.txt"}) files.write(name, "");
    EXPECT_EQ(found("d/*.conf"), (testing::Words{"d/a.conf", "d/b.conf"}));
}

TEST_F(IncludedFiles, OfAFolderAreAllInItAndBelow) {
    for (const auto* name : {"d/b", "d/a/z", "d/a/y"}) files.write(name, "");
    EXPECT_EQ(found("d"), (testing::Words{"d/a/y", "d/a/z", "d/b"}));
}

TEST_F(IncludedFiles, AreFoundThroughPatternsOfFolders) {
    for (const auto* name : {"s/one/x.conf", "s/two/x.conf", "s/two/y.conf"}) files.write(name, "");
    EXPECT_EQ(found("s/*/x.conf"), (testing::Words{"s/one/x.conf", "s/two/x.conf"}));
}

TEST_F(IncludedFiles, DoNotHideBehindADot) {
    files.write("d/.hidden.conf", "");
    files.write("d/seen.conf", "");
    EXPECT_EQ(found("d/*"), testing::Words{"d/seen.conf"});
}

TEST_F(IncludedFiles, AreMissedWhereAPatternHasNoMatchUnlessOptional) {
    files.write("d/a.txt", "");
    EXPECT_EQ(found("d/*.conf"),
              testing::Words{"Include/IncludeOptional: No matches for the wildcard '*.conf' in '" +
                             files.path("d") + "', failing"});
    EXPECT_EQ(found("d/*.conf", true), testing::Words{});
    EXPECT_EQ(found("nothing/*.conf", true), testing::Words{});
}

} // namespace
} // namespace preforkd::config
