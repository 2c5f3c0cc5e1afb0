#include "pipeline/section_match.h"

#include <gtest/gtest.h>

namespace preforkd {

namespace {

config::Section section(std::string pattern, bool is_glob = false) {
    config::Section made;
    made.pattern = std::move(pattern);
    made.is_glob = is_glob;
    return made;
}

} // namespace

TEST(Location, CoversWhatLiesBelowWholeSegments) {
    const auto docs = section("/docs");
    EXPECT_TRUE(matches_location(docs, "/docs"));
    EXPECT_TRUE(matches_location(docs, "/docs/a/b"));
    EXPECT_FALSE(matches_location(docs, "/docsmith"));
    EXPECT_FALSE(matches_location(docs, "/"));
}

TEST(Location, WithALastSlashDoesNotCoverTheNameWithout) {
    const auto docs = section("/docs/");
    EXPECT_TRUE(matches_location(docs, "/docs/a"));
    EXPECT_FALSE(matches_location(docs, "/docs"));
}

TEST(Location, GlobStopsAtASlash) {
    const auto glob = section("/*/x", true);
    EXPECT_TRUE(matches_location(glob, "/a/x"));
    EXPECT_FALSE(matches_location(glob, "/a/b/x"));
}

TEST(Files, MatchTheLastSegmentOnly) {
    const auto hidden = section(".ht*", true);
    EXPECT_TRUE(matches_file(hidden, "/var/www/.htaccess"));
    EXPECT_FALSE(matches_file(hidden, "/var/.ht/index.html"));
}

TEST(Directory, DepthCountsSegments) {
    EXPECT_EQ(depth_of("/"), 0);
    EXPECT_EQ(depth_of("/var"), 1);
    EXPECT_EQ(depth_of("/var/www"), 2);
}

TEST(Directory, MatchesExactlyOneLevel) {
    const auto plain = section("/var/www");
    const auto glob = section("/home/*/public_html", true);
    const SectionList sections{&plain, &glob};
    SectionList found;
    add_directory_matches(sections, "/var/www", found);
    add_directory_matches(sections, "/home/ann/public_html", found);
    add_directory_matches(sections, "/var/www/deeper", found);
    EXPECT_EQ(found, sections);
}

} // namespace preforkd
