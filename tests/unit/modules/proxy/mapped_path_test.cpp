#include "modules/proxy/mapped_path.h"

#include <gtest/gtest.h>

namespace preforkd::proxy {

namespace {

std::string resolved(std::string_view sent, PathMapping mapping) {
    Arena arena;
    return std::string(resolved_path(sent, mapping, true, arena).value_or("outside"));
}

} // namespace

TEST(MappedPath, IsResolvedAsTheOtherServerWouldDoIt) {
    EXPECT_EQ(resolved("/a/b/../c", PathMapping::encoded), "/a/c");
    EXPECT_EQ(resolved("/a/%2e%2E/c", PathMapping::encoded), "/c");
    EXPECT_EQ(resolved("/%61%2f%2F%25/%7e", PathMapping::encoded), "/a%2f%2F%25/~");
    EXPECT_EQ(resolved("/a/..;v=1/c", PathMapping::encoded), "/a/..;v=1/c");
    EXPECT_EQ(resolved("/a/..;v=1/c", PathMapping::servlet), "/c");
    EXPECT_EQ(resolved("/a/%2e%2e;v=1/c", PathMapping::servlet), "/c");
    EXPECT_EQ(resolved("/a/b/..;/..;x", PathMapping::servlet), "/");
    EXPECT_EQ(resolved("/a/.;x/..;/b", PathMapping::servlet), "/a/b");
    EXPECT_EQ(resolved("/..;/a", PathMapping::servlet), "outside");
    EXPECT_EQ(resolved("/a%", PathMapping::servlet), "/a%");
    EXPECT_EQ(resolved("/a%2", PathMapping::servlet), "/a%2");
}

TEST(MappedPath, ParametersAreDropped) {
    Arena arena;
    EXPECT_EQ(without_parameters("/a;b=c/d;e", arena), "/a/d");
    EXPECT_EQ(without_parameters("/;a/;", arena), "//");
    EXPECT_EQ(without_parameters("/a/b", arena), "/a/b");
}

TEST(MappedPath, ARouteCoversWholeSegmentsWhateverTheirParameters) {
    EXPECT_EQ(covered_by_servlet("/u/x", "/u/"), 3U);
    EXPECT_EQ(covered_by_servlet("/u;a=b/x", "/u/"), 7U);
    EXPECT_EQ(covered_by_servlet("/u;a/b;c", "/u/b"), 8U);
    EXPECT_EQ(covered_by_servlet("/u/bc", "/u/b"), 0U);
    EXPECT_EQ(covered_by_servlet("/u", "/u/"), 0U);
    EXPECT_EQ(covered_by_servlet("/u;a", "/u/"), 0U);
}

} // namespace preforkd::proxy
