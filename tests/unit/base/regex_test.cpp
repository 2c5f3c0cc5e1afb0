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

} // namespace preforkd
