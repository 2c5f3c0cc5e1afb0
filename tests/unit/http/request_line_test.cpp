#include "http/request_line.h"

#include <gtest/gtest.h>

namespace preforkd::http {

namespace {

class RequestLineTest : public ::testing::Test {
  protected:
    // The status of a refusal, or 0.
    int refusal(std::string_view line) {
        const auto problem = parse_request_line(line, limits, head);
        return problem ? problem->status : 0;
    }
    Arena arena;
    Limits limits;
    RequestHead head{arena};
};

// RFC 9110 §9.1
TEST_F(RequestLineTest, KnowsMethodsByNameInTheirLetterCase) {
    EXPECT_EQ(identify_method("DELETE", limits), Method::delete_);
    EXPECT_EQ(identify_method("delete", limits), Method::other);
    EXPECT_EQ(identify_method("BREW", limits), Method::other);
    EXPECT_EQ(identify_method("VERSION-CONTROL", limits), Method::registered);
}

TEST_F(RequestLineTest, KnowsMethodsThatWereRegistered) {
    const std::vector<std::string> registered{"BREW", "WHEN"};
    limits.registered_methods = &registered;
    EXPECT_EQ(identify_method("WHEN", limits), Method::registered);
    EXPECT_EQ(identify_method("when", limits), Method::other);
}

TEST_F(RequestLineTest, RefusesUnknownMethodsWhereOnlyRegisteredOnesAreAllowed) {
    EXPECT_EQ(refusal("BREW / HTTP/1.1"), 0);
    limits.registered_only = true;
    EXPECT_EQ(refusal("BREW / HTTP/1.1"), 501);
    EXPECT_EQ(refusal("MERGE / HTTP/1.1"), 0);
}

TEST_F(RequestLineTest, OfASimpleRequestHasATarget) {
    EXPECT_EQ(refusal("GET /"), 0);
    EXPECT_TRUE(head.simple);
    EXPECT_EQ(refusal("GET http://a.test/"), 0);
    for (const std::string_view line : {"GET HTTP/1.1", "GET *", "GET a", "GET ", "GET", "HEAD /"})
        EXPECT_EQ(refusal(line), 400) << line;
}

} // namespace

} // namespace preforkd::http
