#include "modules/content/autoindex/index_options.h"

#include <gtest/gtest.h>

namespace preforkd {
namespace {

IndexLook look_of(const std::vector<std::string>& words) {
    IndexLook look;
    EXPECT_TRUE(set_index_options(look, words));
    return look;
}

std::string error_of(const std::vector<std::string>& words) {
    IndexLook look;
    const auto taken = set_index_options(look, words);
    return taken ? std::string() : taken.error().what;
}

// The options inside a place with the first words that says the second.
unsigned nested(const std::vector<std::string>& outer, const std::vector<std::string>& inner) {
    return look_of(inner).flags.inside(look_of(outer).flags.inside({})).set;
}

TEST(IndexOptions, ReplacesWhatIsInheritedWithoutASign) {
    EXPECT_EQ(nested({"FancyIndexing", "XHTML"}, {"VersionSort"}), unsigned{index_version_sort});
    EXPECT_EQ(nested({"FancyIndexing"}, {"None"}), unsigned{index_none});
}

TEST(IndexOptions, ChangesWhatIsInheritedWithASign) {
    EXPECT_EQ(nested({"FancyIndexing", "XHTML"}, {"+VersionSort", "-XHTML"}),
              unsigned{index_fancy} | index_version_sort);
    EXPECT_EQ(nested({"None"}, {"+FancyIndexing"}), unsigned{index_fancy});
    EXPECT_EQ(nested({"+XHTML"}, {"+FancyIndexing"}), unsigned{index_fancy} | index_xhtml);
}

TEST(IndexOptions, ForgetsSignedOptionsBeforeOneWithoutASign) {
    EXPECT_EQ(look_of({"+XHTML", "FancyIndexing"}).flags, (IndexFlags{index_fancy, 0, 0}));
}

TEST(IndexOptions, TakesWidths) {
    EXPECT_EQ(look_of({"NameWidth=30"}).name_width->characters, 30);
    EXPECT_TRUE(look_of({"NameWidth=*"}).name_width->adjusts);
    EXPECT_TRUE(look_of({"DescriptionWidth=*"}).description_width->adjusts);
    EXPECT_FALSE(look_of({"-NameWidth"}).name_width->characters);
    EXPECT_FALSE(look_of({"NameWidth=x"}).name_width->characters);
}

TEST(IndexOptions, TakesIconSizesTypeAndCharset) {
    const auto look = look_of({"IconWidth", "IconHeight=7", "Type=text/plain", "Charset=UTF-8"});
    EXPECT_EQ(look.icon_width, 20);
    EXPECT_EQ(look.icon_height, 7);
    EXPECT_EQ(look.type, "text/plain");
    EXPECT_EQ(look.charset, "UTF-8");
}

TEST(IndexOptions, RefusesWhatApacheRefuses) {
    EXPECT_EQ(error_of({"Foo"}), "Invalid directory indexing option");
    EXPECT_EQ(error_of({"Charset"}), "Invalid directory indexing option");
    EXPECT_EQ(error_of({"NameWidth=2"}), "NameWidth value must be greater than 5");
    EXPECT_EQ(error_of({"DescriptionWidth=2"}), "DescriptionWidth value must be greater than 12");
    EXPECT_EQ(error_of({"-IconWidth=3"}), "Cannot combine '-' with IconWidth=n");
    EXPECT_EQ(error_of({"NameWidth"}), "NameWidth with no value may only appear as '-NameWidth'");
    EXPECT_EQ(error_of({"+None"}), "Cannot combine '+' or '-' with 'None' keyword");
    EXPECT_EQ(error_of({"None", "XHTML"}),
              "Cannot combine other IndexOptions keywords with 'None'");
}

TEST(IndexLook, InheritsWhatItDoesNotSay) {
    auto inner = look_of({"NameWidth=10"});
    inner.inherit_from(look_of({"NameWidth=*", "DescriptionWidth=*", "IconWidth=3", "Type=a/b"}));
    EXPECT_FALSE(inner.name_width->adjusts);
    EXPECT_TRUE(inner.description_width->adjusts);
    EXPECT_EQ(inner.icon_width, 3);
    EXPECT_EQ(inner.type, "a/b");
}

} // namespace
} // namespace preforkd
