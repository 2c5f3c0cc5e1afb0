#include "pipeline/response_head.h"

#include <gtest/gtest.h>

#include "support/site.h"

namespace preforkd::testing {

TEST(ResponseHead, SaysNothingOfAConnectionThatStaysByItself) {
    Site site;
    site.file("a.txt", "a");
    const auto answer = site.get("/a.txt");
    EXPECT_EQ(field_of(answer, "Connection"), "");
    EXPECT_TRUE(site.kept_alive);
}

TEST(ResponseHead, PromisesKeepAliveToAClientThatAsks) {
    Site site;
    site.file("a.txt", "a");
    const auto answer = site.get("/a.txt", {{"Connection", "keep-alive"}});
    EXPECT_EQ(field_of(answer, "Keep-Alive"), "timeout=5, max=100");
    EXPECT_EQ(field_of(answer, "Connection"), "Keep-Alive");
}

TEST(ResponseHead, ClosesWhenTheClientOrTheConfigurationSaysSo) {
    Site site;
    site.file("a.txt", "a");
    EXPECT_EQ(field_of(site.get("/a.txt", {{"Connection", "close"}}), "Connection"), "close");
    site.core().keep_alive = false;
    EXPECT_EQ(field_of(site.get("/a.txt"), "Connection"), "close");
    EXPECT_FALSE(site.kept_alive);
}

TEST(ResponseHead, AddsTheDefaultCharsetToTextOnly) {
    Site site;
    site.file("a", "a");
    site.content().add_default_charset = "utf-8";
    site.content().forced_type = "text/html";
    EXPECT_EQ(field_of(site.get("/a"), "Content-Type"), "text/html; charset=utf-8");
    site.content().forced_type = "image/png";
    EXPECT_EQ(field_of(site.get("/a"), "Content-Type"), "image/png");
}

TEST(ResponseHead, StandsInApachesOrder) {
    Site site;
    site.file("a", "a");
    site.content().forced_type = "text/html";
    const auto answer = site.get("/a", {{"Connection", "keep-alive"}});
    std::size_t last = 0;
    for (const char* name : {"Date", "Last-Modified", "ETag", "Accept-Ranges", "Content-Length",
                             "Keep-Alive", "Connection", "Content-Type"}) {
        const auto place = answer.find(std::string("\r\n") + name + ": ");
        ASSERT_NE(place, std::string::npos) << name;
        EXPECT_GT(place, last) << name;
        last = place;
    }
}

} // namespace preforkd::testing
