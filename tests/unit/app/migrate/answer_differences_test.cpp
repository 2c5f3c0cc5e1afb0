#include "app/migrate/answer_differences.h"

#include <gtest/gtest.h>

namespace preforkd::migrate {

namespace {

const PreviewPorts ports(9080, {80, 443});

std::vector<std::string> kinds_between(const std::string& apache, const std::string& preforkd) {
    const auto theirs = parse_answer(apache), ours = parse_answer(preforkd);
    EXPECT_TRUE(theirs && ours);
    std::vector<std::string> kinds;
    for (const auto& one : differences_between(*theirs, *ours, ports)) kinds.push_back(one.what);
    return kinds;
}

using Kinds = std::vector<std::string>;

} // namespace

TEST(AnswerDifferences, AreStatusFieldsAndBody) {
    EXPECT_EQ(kinds_between("HTTP/1.1 200 OK\r\nETag: \"a\"\r\n\r\nx",
                            "HTTP/1.1 304 No\r\netag: \"b\"\r\n\r\ny"),
              (Kinds{"status", "ETag", "body"}));
    EXPECT_EQ(kinds_between("HTTP/1.1 200 OK\r\nX-a: 1\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n"),
              (Kinds{"X-A"}));
}

TEST(AnswerDifferences, LeaveOutWhatCannotBeTheSame) {
    EXPECT_EQ(kinds_between("HTTP/1.1 200 OK\r\nDate: a\r\nServer: Apache\r\nContent-Length: 3\r\n"
                            "Expires: a\r\nSet-Cookie: id=1; path=/\r\n\r\nabc",
                            "HTTP/1.1 200 OK\r\nDate: b\r\nServer: preforkd\r\n"
                            "Transfer-Encoding: chunked\r\nExpires: b\r\n"
                            "Set-Cookie: id=2; path=/\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n"),
              Kinds{});
    EXPECT_EQ(kinds_between(
                  "HTTP/1.1 302 F\r\nLocation: http://a/b\r\n\r\n<address>Apache Port 80</address>",
                  "HTTP/1.1 302 F\r\nLocation: http://a:9080/b\r\n\r\n<address>preforkd</address>"),
              Kinds{});
    EXPECT_EQ(kinds_between("HTTP/1.1 302 F\r\nLocation: https://a/\r\n\r\n",
                            "HTTP/1.1 302 F\r\nLocation: http://a:9080/\r\n\r\n"),
              Kinds{"Location"});
}

TEST(AnswerDifferences, NeedWholeAnswers) {
    EXPECT_FALSE(parse_answer("nonsense"));
    EXPECT_FALSE(parse_answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"));
}

} // namespace preforkd::migrate
