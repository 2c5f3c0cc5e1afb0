#include "modules/content/autoindex/index_match.h"

#include <gtest/gtest.h>

#include "modules/content/autoindex/index_surroundings.h"
#include "modules/modules.h"
#include "unit/modules/server/one_directive.h"

namespace preforkd {
namespace {

TEST(MatchesWildcards, KnowsStarsAndQuestionMarksOnly) {
    EXPECT_TRUE(matches_wildcards("/a/b.txt", "*.txt"));
    EXPECT_TRUE(matches_wildcards("abc", "a?c"));
    EXPECT_TRUE(matches_wildcards("aXbXc", "a*b*c"));
    EXPECT_TRUE(matches_wildcards("", "**"));
    EXPECT_FALSE(matches_wildcards("a", ""));
    EXPECT_FALSE(matches_wildcards("a", "[a]"));
    EXPECT_FALSE(matches_wildcards("abcd", "a?c"));
    EXPECT_FALSE(matches_wildcards("b.TXT", "*.txt"));
    EXPECT_TRUE(imatches_wildcards("Text/HTML", "text/*"));
}

TEST(MatchesShellPattern, KeepsHiddenNamesHidden) {
    EXPECT_FALSE(matches_shell_pattern(".x", "*", true));
    EXPECT_TRUE(matches_shell_pattern(".x", ".*", true));
    EXPECT_TRUE(matches_shell_pattern(".x", "*", false));
    EXPECT_TRUE(matches_shell_pattern("b", "[a-c]", true));
}

class Autoindex : public testing::Test {
  protected:
    const AutoindexSettings& settings() { return autoindex.of<AutoindexSettings>(); }
    std::string icon(const IndexSubject& subject) {
        const auto* found = find_item(settings().icons, subject);
        return found ? *found : "";
    }
    std::string text(const IndexSubject& subject) {
        const auto* found = find_item(settings().alternate_texts, subject);
        return found ? *found : "none";
    }
    std::string description(const std::string& path) {
        const auto* found = find_description(settings().descriptions, path);
        return found ? *found : "";
    }

    OneDirective autoindex{autoindex_module()};
};

TEST_F(Autoindex, ChoosesIconsByNameTypeAndEncoding) {
    autoindex.apply("AddIconByEncoding", {"/packed.gif", "X-Gzip"});
    autoindex.apply("AddIconByType", {"(TXT,/text.gif)", "text/*"});
    autoindex.apply("AddIcon", {"/tar.gif", ".tar"});
    EXPECT_EQ(icon({"/d/a.tar"}), "/tar.gif");
    EXPECT_EQ(icon({"/d/a", "text/plain", "", false}), "/text.gif");
    EXPECT_EQ(text({"/d/a", "text/plain", "", false}), "TXT");
    // An encoded file is what its encoding makes of it.
    EXPECT_EQ(icon({"/d/a", "text/plain", "x-gzip", false}), "/packed.gif");
    EXPECT_EQ(icon({"/d/folder", "text/plain", "", true}), "");
}

TEST_F(Autoindex, HasIconsForWhatIsNoFile) {
    autoindex.apply("AddIcon", {"/folder.gif", "^^DIRECTORY^^"});
    autoindex.apply("AddIcon", {"/blank.gif", "^^BLANKICON^^"});
    EXPECT_EQ(icon({"^^DIRECTORY^^"}), "/folder.gif");
    EXPECT_EQ(icon({"^^BLANKICON^^"}), "/blank.gif");
    EXPECT_EQ(icon({"/d/x"}), "");
}

TEST_F(Autoindex, RefusesAnIconWithoutItsParenthesis) {
    EXPECT_EQ(autoindex.apply("AddIcon", {"(TXT,/x.gif", ".x"}), "missing closing paren");
}

TEST_F(Autoindex, DescribesByNameAndByPath) {
    autoindex.apply("AddDescription", {"by path", "docs/*.txt"});
    autoindex.apply("AddDescription", {"by pattern", "*.html"});
    autoindex.apply("AddDescription", {"by name", "READ"});
    EXPECT_EQ(description("/srv/docs/a.txt"), "by path");
    EXPECT_EQ(description("/srv/x/a.txt"), "");
    EXPECT_EQ(description("/srv/x/a.html.old"), "by pattern");
    EXPECT_EQ(description("/srv/READ/README"), "by name");
    EXPECT_EQ(description("/srv/READ/x"), "");
}

TEST_F(Autoindex, IgnoresNamesByTheirLastPart) {
    autoindex.apply("IndexIgnore", {".??*"});
    autoindex.apply("IndexIgnore", {"/any/RCS"});
    EXPECT_TRUE(is_ignored(settings().ignored, "/d/.hidden"));
    EXPECT_TRUE(is_ignored(settings().ignored, "/d/RCS"));
    EXPECT_FALSE(is_ignored(settings().ignored, "/d/.."));
}

TEST_F(Autoindex, AddsInnerNamesToTheOuterOnesUnlessReset) {
    autoindex.apply("IndexIgnore", {"*.a"});
    AutoindexSettings inner, reset;
    inner.inherit_from(settings());
    EXPECT_TRUE(is_ignored(inner.ignored, "/d/x.a"));
    reset.forgets_ignored = true;
    reset.inherit_from(settings());
    EXPECT_FALSE(is_ignored(reset.ignored, "/d/x.a"));
}

TEST_F(Autoindex, ObeysSignedOptionsOfTheMainServerOnlyFurtherIn) {
    autoindex.apply("IndexOptions", {"+FancyIndexing"});
    EXPECT_EQ(settings().options(), 0u);
    AutoindexSettings inner;
    inner.inherit_from(settings());
    EXPECT_EQ(inner.options(), unsigned{index_fancy});
}

std::string cut(std::string text, int width) {
    cut_description(text, width);
    return text;
}

TEST(CutDescription, CountsVisibleCharacters) {
    EXPECT_EQ(cut("abcdef", 6), "abcdef");
    EXPECT_EQ(cut("abcdef", 4), "abc>");
    EXPECT_EQ(cut("<b>ab</b>", 2), "<b>ab</b>");
    EXPECT_EQ(cut("&auml;&amp;x", 3), "&auml;&amp;x");
    EXPECT_EQ(cut("<b unfinished", 3), "<b unfinished");
}

TEST(TitleIn, TakesLineBreaksOut) {
    EXPECT_EQ(title_in("<html><TITLE>\n A\nb </title>"), " A b ");
    EXPECT_EQ(title_in("<title>open"), "open");
    EXPECT_EQ(title_in("<p>no title"), "");
}

} // namespace
} // namespace preforkd
