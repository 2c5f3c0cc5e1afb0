#include "pipeline/error_response.h"

#include <gtest/gtest.h>

#include "support/site.h"

namespace preforkd::testing {

namespace {

ErrorDocument document(ErrorDocument::Kind kind, std::string_view text) {
    return {kind, *Expression::text(text, {})};
}

} // namespace

TEST(ErrorResponse, IsApachesPage) {
    Site site;
    const auto answer = site.get("/none");
    EXPECT_EQ(status_of(answer), 404);
    EXPECT_EQ(field_of(answer, "Content-Type"), "text/html; charset=iso-8859-1");
    EXPECT_EQ(content_of(answer),
              "<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 4.01//EN\" "
              "\"http://www.w3.org/TR/html4/strict.dtd\">\n<html><head>\n"
              "<title>404 Not Found</title>\n</head><body>\n<h1>Not Found</h1>\n"
              "<p>The requested URL was not found on this server.</p>\n</body></html>\n");
}

TEST(ErrorResponse, IsTheTextOfAnErrorDocument) {
    Site site;
    site.content().error_documents[404] = document(ErrorDocument::Kind::text, "gone fishing");
    const auto answer = site.get("/none");
    EXPECT_EQ(status_of(answer), 404);
    EXPECT_EQ(content_of(answer), "gone fishing");
}

TEST(ErrorResponse, IsALocalDocumentWithTheStatusOfTheError) {
    Site site;
    site.file("sorry.html", "sorry");
    site.content().error_documents[404] = document(ErrorDocument::Kind::local, "/sorry.html");
    const auto answer = site.get("/none");
    EXPECT_EQ(status_of(answer), 404);
    EXPECT_EQ(content_of(answer), "sorry");
    EXPECT_EQ(content_of(site.answer("HEAD", "/none")), "");
}

TEST(ErrorResponse, RedirectsToARemoteDocument) {
    Site site;
    site.content().error_documents[404] =
        document(ErrorDocument::Kind::remote, "http://x.test/sorry");
    const auto answer = site.get("/none");
    EXPECT_EQ(status_of(answer), 302);
    EXPECT_EQ(field_of(answer, "Location"), "http://x.test/sorry");
}

TEST(ErrorResponse, TellsOfBothWhenTheErrorDocumentIsMissingToo) {
    Site site;
    site.content().error_documents[404] = document(ErrorDocument::Kind::local, "/also-missing");
    const auto answer = site.get("/none");
    EXPECT_EQ(status_of(answer), 404);
    EXPECT_NE(content_of(answer).find("Additionally, a 404 Not Found\nerror was encountered"),
              std::string::npos);
}

} // namespace preforkd::testing
