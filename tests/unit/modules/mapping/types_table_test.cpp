#include "modules/mapping/mime/types_table.h"

#include <gtest/gtest.h>

namespace preforkd {
namespace {

TEST(TypesTable, FindsTypesByExtension) {
    const auto table = TypesTable::parse("# comment\n"
                                         "text/html\thtml htm\n"
                                         "image/png png\n"
                                         "application/nothing\n");
    EXPECT_EQ(table.find("html"), "text/html");
    EXPECT_EQ(table.find("htm"), "text/html");
    EXPECT_EQ(table.find("png"), "image/png");
    EXPECT_EQ(table.find("gif"), "");
    EXPECT_EQ(table.size(), 3u);
}

TEST(TypesTable, KnowsExtensionsInLowerCase) {
    EXPECT_EQ(TypesTable::parse("a/b XYZ\n").find("xyz"), "a/b");
}

TEST(TypesTable, LetsTheLaterLineWin) {
    const auto table = TypesTable::parse("a/b x\nc/d x\n");
    EXPECT_EQ(table.find("x"), "c/d");
    EXPECT_EQ(table.size(), 1u);
}

TEST(TypesTable, TakesALastLineWithoutItsEnd) {
    EXPECT_EQ(TypesTable::parse("a/b x").find("x"), "a/b");
    EXPECT_EQ(TypesTable::parse("").find("x"), "");
}

TEST(TypesTable, FindsEveryOneOfMany) {
    std::string lines;
    for (int i = 0; i < 1000; ++i)
        lines += "type/t" + std::to_string(i) + " e" + std::to_string(i) + "\n";
    const auto table = TypesTable::parse(lines);
    EXPECT_EQ(table.size(), 1000u);
    for (int i = 0; i < 1000; ++i)
        EXPECT_EQ(table.find("e" + std::to_string(i)), "type/t" + std::to_string(i));
}

TEST(TypesTable, SaysWhichFileItCouldNotRead) {
    const auto table = TypesTable::read("/nonexistent/types");
    ASSERT_FALSE(table);
    EXPECT_NE(table.error().what.find("/nonexistent/types"), std::string::npos);
}

} // namespace
} // namespace preforkd
