#include "modules/content/autoindex/index_entry.h"

#include <gtest/gtest.h>

namespace preforkd {
namespace {

using Names = std::vector<std::string_view>;

std::vector<IndexEntry> entries_named(const Names& names) {
    std::vector<IndexEntry> entries;
    for (const auto name : names) entries.push_back({name});
    return entries;
}

Names sorted(std::vector<IndexEntry> entries, const IndexOrder& order) {
    sort_entries(entries, order);
    Names names;
    for (const auto& entry : entries) names.push_back(entry.name);
    return names;
}

Names sorted(const Names& names, const IndexOrder& order) {
    return sorted(entries_named(names), order);
}

TEST(SortEntries, GoesByByteUnlessTold) {
    EXPECT_EQ(sorted({"b", "B", "é", "a", "file10", "file9"}, {}),
              (Names{"B", "a", "b", "file10", "file9", "é"}));
    EXPECT_EQ(sorted({"b", "B", "a"}, {.ascending = false}), (Names{"b", "a", "B"}));
}

TEST(SortEntries, ComparesNumbersByTheirValueWithVersionSort) {
    EXPECT_EQ(sorted({"v2.10", "v2.9", "v10", "v2.9.1"}, {.by_version = true}),
              (Names{"v2.9", "v2.9.1", "v2.10", "v10"}));
}

TEST(SortEntries, KeepsAnOrderAmongNamesThatDifferInCase) {
    EXPECT_EQ(sorted({"abc", "ABD", "ABC"}, {.ignores_case = true}), (Names{"ABC", "abc", "ABD"}));
    EXPECT_EQ(sorted({"f2", "F10", "F2"}, {.by_version = true, .ignores_case = true}),
              (Names{"F2", "f2", "F10"}));
}

TEST(SortEntries, PutsTheWayUpFirstAndThenFolders) {
    auto entries = entries_named({"a", "z/", "/up/", "b"});
    entries[1].comes_first = true;
    EXPECT_EQ(sorted(entries, {}), (Names{"/up/", "z/", "a", "b"}));
    EXPECT_EQ(sorted(entries, {.ascending = false}), (Names{"/up/", "z/", "b", "a"}));
}

TEST(SortEntries, GoesBySizeTimeAndDescriptionAndThenByName) {
    auto entries = entries_named({"c", "b", "a"});
    entries[0].size = 1;
    entries[1].modified = 5;
    entries[2].description = "x";
    EXPECT_EQ(sorted(entries, {.key = 'S'}), (Names{"a", "b", "c"}));
    EXPECT_EQ(sorted(entries, {.key = 'M'}), (Names{"a", "c", "b"}));
    EXPECT_EQ(sorted(entries, {.key = 'D'}), (Names{"b", "c", "a"}));
    EXPECT_EQ(sorted(entries, {.key = 'S', .ascending = false}), (Names{"c", "b", "a"}));
}

TEST(CompareByVersion, TakesALeadingZeroForAFraction) {
    EXPECT_LT(compare_by_version("1.001", "1.002", false), 0);
    EXPECT_LT(compare_by_version("1.010", "1.02", false), 0);
    EXPECT_GT(compare_by_version("1.10", "1.9", false), 0);
    EXPECT_LT(compare_by_version("a9", "a10", false), 0);
    EXPECT_LT(compare_by_version("a19", "a20", false), 0);
}

TEST(CompareByVersion, OverlooksWhiteSpaceAndCaseWhereAsked) {
    EXPECT_EQ(compare_by_version("a b", "ab", false), 0);
    EXPECT_EQ(compare_by_version("File 2", "fiLE2", true), 0);
    EXPECT_NE(compare_by_version("File2", "file2", false), 0);
    EXPECT_LT(compare_by_version("a", "ab", false), 0);
}

} // namespace
} // namespace preforkd
