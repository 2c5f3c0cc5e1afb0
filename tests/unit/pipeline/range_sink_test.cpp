#include "pipeline/range_sink.h"

#include <gtest/gtest.h>

#include "support/site.h"

namespace preforkd::testing {

TEST(Range, SendsOnePart) {
    Site site;
    site.file("a.txt", "0123456789");
    const auto answer = site.get("/a.txt", {{"Range", "bytes=2-4"}});
    EXPECT_EQ(status_of(answer), 206);
    EXPECT_EQ(field_of(answer, "Content-Range"), "bytes 2-4/10");
    EXPECT_EQ(field_of(answer, "Content-Length"), "3");
    EXPECT_EQ(content_of(answer), "234");
}

TEST(Range, SendsTheEndOfALargeFile) {
    Site site;
    site.file("big", std::string(100'000, 'x') + "end");
    EXPECT_EQ(content_of(site.get("/big", {{"Range", "bytes=-3"}})), "end");
}

TEST(Range, SendsSeveralPartsWithALengthThatHolds) {
    Site site;
    site.file("a.txt", "0123456789");
    const auto answer = site.get("/a.txt", {{"Range", "bytes=0-1,7-8"}});
    EXPECT_EQ(status_of(answer), 206);
    const auto content = content_of(answer);
    EXPECT_EQ(field_of(answer, "Content-Length"), std::to_string(content.size()));
    EXPECT_NE(content.find("Content-range: bytes 0-1/10\r\n\r\n01\r\n"), std::string::npos);
    EXPECT_NE(content.find("Content-range: bytes 7-8/10\r\n\r\n78\r\n"), std::string::npos);
}

TEST(Range, TellsTheLengthWhenNothingOverlaps) {
    Site site;
    site.file("a.txt", "0123456789");
    const auto answer = site.get("/a.txt", {{"Range", "bytes=20-30"}});
    EXPECT_EQ(status_of(answer), 416);
    EXPECT_EQ(field_of(answer, "Content-Range"), "bytes */10");
    EXPECT_NE(content_of(answer).find("<title>416"), std::string::npos);
}

TEST(Range, GivesTheWholeWhenIfRangeDiffers) {
    Site site;
    site.file("a.txt", "0123456789");
    const auto answer = site.get("/a.txt", {{"Range", "bytes=2-4"}, {"If-Range", "\"another\""}});
    EXPECT_EQ(status_of(answer), 200);
    EXPECT_EQ(content_of(answer), "0123456789");
}

} // namespace preforkd::testing
