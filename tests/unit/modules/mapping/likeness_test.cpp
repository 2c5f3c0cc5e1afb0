#include "modules/mapping/speling/likeness.h"

#include <gtest/gtest.h>

namespace preforkd {
namespace {

TEST(Likeness, AllowsOneSlip) {
    EXPECT_EQ(likeness("page.html", "page.html"), Likeness::identical);
    EXPECT_EQ(likeness("PAGE.html", "page.html"), Likeness::miscapitalized);
    EXPECT_EQ(likeness("pgae.HTML", "page.html"), Likeness::transposed);
    EXPECT_EQ(likeness("pge.html", "page.html"), Likeness::character_missing);
    EXPECT_EQ(likeness("page.htmll", "page.html"), Likeness::extra_character);
    EXPECT_EQ(likeness("pige.html", "page.html"), Likeness::mistyped);
    EXPECT_EQ(likeness("pieg.html", "page.html"), Likeness::none);
    EXPECT_EQ(likeness("", "a"), Likeness::character_missing);
    EXPECT_EQ(likeness("a", ""), Likeness::extra_character);
    EXPECT_EQ(likeness("ab", "ba"), Likeness::transposed);
    EXPECT_EQ(likeness("", "ab"), Likeness::none);
}

TEST(Likeness, ComparesNamesUpToTheirFirstDot) {
    EXPECT_TRUE(has_basename_of("Page.gif", "page.html"));
    EXPECT_TRUE(has_basename_of("page", "page.html"));
    EXPECT_TRUE(has_basename_of("page.html", "page"));
    EXPECT_FALSE(has_basename_of("page", "pages.html"));
}

} // namespace
} // namespace preforkd
