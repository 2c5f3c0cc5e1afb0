#include "pipeline/static_file.h"

#include <gtest/gtest.h>

#include "support/site.h"

namespace preforkd::testing {

TEST(StaticFile, IsSentWithItsValidators) {
    Site site;
    site.file("a.txt", "hello");
    const auto answer = site.get("/a.txt");
    EXPECT_EQ(status_of(answer), 200);
    EXPECT_EQ(content_of(answer), "hello");
    EXPECT_EQ(field_of(answer, "Content-Length"), "5");
    EXPECT_EQ(field_of(answer, "Accept-Ranges"), "bytes");
    EXPECT_EQ(field_of(answer, "ETag").substr(0, 3), "\"5-");
    EXPECT_FALSE(field_of(answer, "Last-Modified").empty());
}

TEST(StaticFile, LargerThanTheCopiedSizeComesWhole) {
    Site site;
    const std::string content(100'000, 'x');
    site.file("big", content);
    EXPECT_EQ(content_of(site.get("/big")), content);
}

TEST(StaticFile, AnswersHeadWithoutContent) {
    Site site;
    site.file("a.txt", "hello");
    const auto answer = site.answer("HEAD", "/a.txt");
    EXPECT_EQ(field_of(answer, "Content-Length"), "5");
    EXPECT_EQ(content_of(answer), "");
}

TEST(StaticFile, AnswersNotModifiedToItsOwnEtag) {
    Site site;
    site.file("a.txt", "hello");
    const auto etag = field_of(site.get("/a.txt"), "ETag");
    const auto answer = site.get("/a.txt", {{"If-None-Match", etag}});
    EXPECT_EQ(status_of(answer), 304);
    EXPECT_EQ(field_of(answer, "ETag"), etag);
    EXPECT_EQ(field_of(answer, "Content-Length"), "");
    EXPECT_EQ(content_of(answer), "");
}

TEST(StaticFile, RefusesMethodsThatChangeIt) {
    Site site;
    site.file("a.txt", "hello");
    const auto answer = site.answer("PUT", "/a.txt");
    EXPECT_EQ(status_of(answer), 405);
    EXPECT_EQ(field_of(answer, "Allow"), "GET,POST,OPTIONS,HEAD,TRACE");
    EXPECT_TRUE(site.kept_alive);
}

TEST(StaticFile, RefusesUnknownMethodsAndCloses) {
    Site site;
    site.file("a.txt", "hello");
    const auto answer = site.answer("FOO", "/a.txt");
    EXPECT_EQ(status_of(answer), 501);
    EXPECT_EQ(field_of(answer, "Connection"), "close");
    EXPECT_FALSE(site.kept_alive);
}

TEST(StaticFile, HasNoPathBehindIt) {
    Site site;
    site.file("a.txt", "hello");
    EXPECT_EQ(status_of(site.get("/a.txt/more")), 404);
    site.everywhere().accept_path_info_default = false;
    site.everywhere().accept_path_info_on = true;
    EXPECT_EQ(status_of(site.get("/a.txt/more")), 200);
}

} // namespace preforkd::testing
