#include "modules/content/autoindex/index_query.h"

#include <gtest/gtest.h>

#include "modules/content/autoindex/index_options.h"

namespace preforkd {
namespace {

IndexQuery query_of(std::string_view text) {
    Arena arena;
    IndexQuery query;
    apply_query(query, text, arena);
    return query;
}

TEST(IndexQuery, TakesOrderAndForm) {
    const auto query = query_of("C=S;O=D&F=2;V=1");
    EXPECT_EQ(query.key, 'S');
    EXPECT_EQ(query.direction, 'D');
    EXPECT_EQ(query.options, unsigned{index_fancy} | index_table | index_version_sort);
    EXPECT_EQ(query.kept, ";F=2;V=1");
}

TEST(IndexQuery, EndsAtTheFirstMistake) {
    EXPECT_EQ(query_of("C=S;x;O=D").direction, 'A');
    EXPECT_EQ(query_of("C=S;x;O=D").key, 'S');
    EXPECT_EQ(query_of("C=NX").key, 'N');
    EXPECT_EQ(query_of("C=X").key, 'N');
}

TEST(IndexQuery, DecodesAPatternAndRepeatsItEscaped) {
    const auto query = query_of("P=a%20*;C=M");
    EXPECT_EQ(query.pattern, "a *");
    EXPECT_EQ(query.kept, ";P=a%20*");
    EXPECT_EQ(query.key, 'M');
    EXPECT_EQ(query_of("P=a:b").kept, ";P=a:b");
}

TEST(IndexQuery, IgnoresAPatternThatIsEmptyOrBadlyEscaped) {
    EXPECT_FALSE(query_of("P=").pattern);
    EXPECT_FALSE(query_of("P=%zz").pattern);
    EXPECT_FALSE(query_of("P=a%2fb").pattern);
    // As Apache does, the links go on with the last good one.
    EXPECT_EQ(query_of("P=a;P=").kept, ";P=a");
}

} // namespace
} // namespace preforkd
