#include "config/paths.h"

#include <gtest/gtest.h>

namespace preforkd::config {
namespace {

TEST(Paths, LoseDoubledSlashesAndDots) { EXPECT_EQ(normalize_path("/a//b/./c/../d"), "/a/b/d"); }

TEST(Paths, KeepTheSlashAtTheirEnd) {
    EXPECT_EQ(normalize_path("/a/b/"), "/a/b/");
    EXPECT_EQ(normalize_path("/a/b/."), "/a/b/");
    EXPECT_EQ(normalize_path("/a/b/.."), "/a/");
}

TEST(Paths, DoNotLeadAboveTheRoot) {
    EXPECT_EQ(normalize_path("/../../a"), "/a");
    EXPECT_EQ(normalize_path("/.."), "/");
}

TEST(Paths, ThatAreRelativeMayLeadUpwards) { EXPECT_EQ(normalize_path("../a/../../b"), "../../b"); }

TEST(Paths, ThatAreRelativeStandBelowTheRootThatIsGiven) {
    EXPECT_EQ(absolute_path("/etc/apache2", "conf/a.conf"), "/etc/apache2/conf/a.conf");
    EXPECT_EQ(absolute_path("/etc/apache2", "../a.conf"), "/etc/a.conf");
    EXPECT_EQ(absolute_path("/etc/apache2", "/a.conf"), "/a.conf");
}

TEST(Paths, ArePatternsWithAStarAQuestionMarkOrBrackets) {
    EXPECT_TRUE(has_wildcard("/a/*.conf"));
    EXPECT_TRUE(has_wildcard("a?"));
    EXPECT_TRUE(has_wildcard("a[bc]"));
    EXPECT_FALSE(has_wildcard("a[bc"));
    EXPECT_FALSE(has_wildcard("a]b["));
    EXPECT_FALSE(has_wildcard("/a/b.conf"));
}

TEST(Paths, AreNamesWhereABackslashHidesTheStar) {
    EXPECT_FALSE(has_wildcard("a\\*"));
    EXPECT_TRUE(has_wildcard("a\\**"));
}

} // namespace
} // namespace preforkd::config
