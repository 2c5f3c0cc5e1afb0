#include "app/migrate/logged_requests.h"

#include <gtest/gtest.h>

namespace preforkd::migrate {

TEST(LoggedRequests, AreReadFromEveryCommonFormat) {
    const auto common =
        parse_log_line("10.0.0.1 - ann [26/Nov/2026:17:39:22 +0000] \"GET /a?b=1 HTTP/1.1\" 200 6");
    ASSERT_TRUE(common);
    EXPECT_EQ(common->target, "/a?b=1");
    EXPECT_EQ(common->host, "");
    EXPECT_EQ(common->user_agent, "");

    const auto combined = parse_log_line("::1 - - [26/Nov/2026:17:39:22 +0000] \"GET / HTTP/1.1\" "
                                         "200 6 \"-\" \"a \\\"b\\\" \\x41\"");
    ASSERT_TRUE(combined);
    EXPECT_EQ(combined->host, "");
    EXPECT_EQ(combined->referer, "");
    EXPECT_EQ(combined->user_agent, "a \"b\" A");

    const auto of_hosts = parse_log_line("www.a.test:443 10.0.0.1 - - [26/Nov/2026:17:39:22 +0000] "
                                         "\"GET / HTTP/1.1\" 200 6 \"http://x/\" \"-\"");
    ASSERT_TRUE(of_hosts);
    EXPECT_EQ(of_hosts->host, "www.a.test");
    EXPECT_EQ(of_hosts->port, 443);
    EXPECT_EQ(of_hosts->referer, "http://x/");
}

TEST(LoggedRequests, AreGetsThatCanBeSent) {
    for (const auto* request :
         {"POST / HTTP/1.1", "HEAD / HTTP/1.1", "-", "GET /a b HTTP/1.1", "GET http://x/ HTTP/1.1",
          "GET /\\n HTTP/1.1\\r\\nX: y", "GET /\\x01 HTTP/1.1"}) {
        const std::string line = "h - - [t] \"" + std::string(request) + "\" 200 6";
        const auto parsed = parse_log_line(line);
        if (std::string_view(request).starts_with("GET /\\n"))
            EXPECT_FALSE(parsed && parsed->target.find('\n') != std::string::npos);
        else EXPECT_FALSE(parsed) << request;
    }
    EXPECT_FALSE(parse_log_line(""));
    EXPECT_FALSE(parse_log_line("h - - [t] \"GET /"));
}

TEST(LoggedRequests, CountOnceAndUpToALimit) {
    const std::string line = "h - - [t] \"GET /";
    const std::string end = " HTTP/1.1\" 200 6\n";
    const std::string log = line + "a" + end + line + "a" + end + "nonsense\n" + line + "b" + end;
    const auto all = parse_log(log, 10);
    EXPECT_EQ(all.different.size(), 2u);
    EXPECT_EQ(all.lines, 4u);
    EXPECT_EQ(all.gets, 3u);
    EXPECT_FALSE(all.cut);
    const auto few = parse_log(log, 1);
    EXPECT_EQ(few.different.size(), 1u);
    EXPECT_TRUE(few.cut);
}

} // namespace preforkd::migrate
