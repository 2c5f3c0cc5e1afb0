#include "base/regex.h"

#include <array>
#include <gtest/gtest.h>

namespace preforkd {

TEST(Regex, FillsGroupsAndLeavesTheOthersEmpty) {
    auto regex = Regex::compile("^/(a)?(b+)(c)?");
    ASSERT_TRUE(regex);
    std::array<std::string_view, 5> groups;
    ASSERT_TRUE(regex->match("/bbx", groups));
    EXPECT_EQ(groups[0], "/bb");
    EXPECT_EQ(groups[1], "");
    EXPECT_EQ(groups[2], "bb");
    EXPECT_EQ(groups[3], "");
    EXPECT_EQ(groups[4], "");
}

TEST(Regex, IgnoresCaseOnlyWhenAsked) {
    EXPECT_FALSE(Regex::compile("abc")->matches("ABC"));
    EXPECT_TRUE(Regex::compile("abc", Regex::Case::ignored)->matches("ABC"));
}

TEST(Regex, SaysWhatIsWrongWithAPattern) {
    auto regex = Regex::compile("(");
    ASSERT_FALSE(regex);
    EXPECT_NE(regex.error().what, "");
}

TEST(Regex, SubstitutesGroupsAsRedirectMatchDoes) {
    const std::array<std::string_view, 2> groups{"/a/b", "b"};
    EXPECT_EQ(substitute_groups("http://x/$1?$9&\\$1\\x\\\\", groups), "http://x/b?&$1x\\");
}

// What JIT compiles has little stack of its own.
TEST(Regex, FindsInALongSubjectWhatItFindsInAShortOne) {
    const auto path = Regex::compile("^(/[^/]*)*/private$");
    const auto query = Regex::compile("([^s]*s)+cript", Regex::Case::ignored);
    ASSERT_TRUE(path && query);
    for (const int times : {1, 100, 4000}) {
        std::string folders, letters;
        for (int i = 0; i < times; ++i) {
            folders += "/a";
            letters += "xs";
        }
        EXPECT_TRUE(path->matches(folders + "/private")) << times;
        EXPECT_FALSE(path->matches(folders + "/public")) << times;
        EXPECT_TRUE(query->matches(letters + "<SCRIPT>")) << times;
    }
}

// So many that machine code is not made for all.
TEST(Regex, MatchesHoweverManyPatternsThereAre) {
    std::vector<Regex> patterns;
    for (int i = 0; i < 1200; ++i) {
        auto made = Regex::compile("^/old" + std::to_string(i) + "/(.*)$");
        ASSERT_TRUE(made);
        patterns.push_back(std::move(*made));
    }
    for (const int i : {0, 499, 500, 1199}) {
        const std::string path = "/old" + std::to_string(i) + "/page";
        std::array<std::string_view, 2> groups;
        EXPECT_TRUE(patterns[static_cast<std::size_t>(i)].match(path, groups)) << i;
        EXPECT_EQ(groups[1], "page") << i;
        EXPECT_FALSE(patterns[static_cast<std::size_t>(i)].matches("/new/page")) << i;
    }
}

} // namespace preforkd
