#include "modules/content/imagemap/map_line.h"

#include <gtest/gtest.h>

namespace preforkd::imagemap {
namespace {

TEST(MapLine, HasItsTextBeforeOrBehindThePoints) {
    for (const auto* line :
         {"rect /a.html \"A text\" 1,2 3,4", "rect /a.html 1,2 3,4 \"A text\""}) {
        const auto parsed = parse_line(line);
        ASSERT_TRUE(parsed) << line;
        EXPECT_EQ(parsed->text, "A text");
        ASSERT_EQ(parsed->points.size(), 2u);
        EXPECT_EQ(parsed->points[1].y, 4);
    }
    EXPECT_EQ(parse_line("default /a.html")->text, "/a.html");
    EXPECT_FALSE(parse_line("rect"));
    EXPECT_TRUE(parse_line("rect x 1,")->points.empty());
}

TEST(MapLine, TakesAHundredPoints) {
    std::string line = "poly x";
    for (int i = 0; i < 200; ++i) line += " 1,1";
    EXPECT_EQ(parse_line(line)->points.size(), 100u);
}

TEST(Shapes, HaveTheirEdges) {
    EXPECT_TRUE(is_in_rectangle({10, 20}, {{10, 20}, {0, 0}}));
    EXPECT_FALSE(is_in_rectangle({11, 20}, {{10, 20}, {0, 0}}));
    EXPECT_FALSE(is_in_rectangle({0, 0}, {{0, 0}}));
    EXPECT_TRUE(is_in_circle({3, 4}, {{0, 0}, {5, 0}}));
    EXPECT_FALSE(is_in_circle({4, 4}, {{0, 0}, {5, 0}}));
}

TEST(Shapes, MayBeConcave) {
    const std::vector<Point> arrow{{0, 0}, {10, 0}, {5, 5}, {10, 10}, {0, 10}};
    EXPECT_TRUE(is_in_polygon({2, 5}, arrow));
    EXPECT_TRUE(is_in_polygon({8, 1}, arrow));
    EXPECT_FALSE(is_in_polygon({8, 5}, arrow));
    EXPECT_TRUE(is_in_polygon({5, 5}, arrow));
    EXPECT_FALSE(is_in_polygon({1, 1}, {}));
}

} // namespace
} // namespace preforkd::imagemap
