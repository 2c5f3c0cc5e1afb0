#include "net/proxy_protocol.h"

#include <gtest/gtest.h>

namespace preforkd::net {

namespace {

using State = ProxyHeader::State;
using namespace std::string_view_literals;

constexpr auto signature = "\r\n\r\n\0\r\nQUIT\n"sv;

std::string binary(std::string_view rest) { return std::string(signature).append(rest); }

TEST(ProxyHeader, IsALine) {
    const auto header = parse_proxy_header("PROXY TCP4 192.0.2.1 192.0.2.2 4711 80\r\nGET /");
    ASSERT_EQ(header.state, State::complete);
    EXPECT_EQ(header.size, 40U);
    EXPECT_EQ(header.client->text(), "192.0.2.1:4711");
    EXPECT_EQ(parse_proxy_header("PROXY TCP6 2001:db8::1 ::1 1 2\r\n").client->text(),
              "[2001:db8::1]:1");
}

// HAProxy's specification: a proxy that cannot tell its client says UNKNOWN, and anything behind it.
TEST(ProxyHeader, MaySpeakForNobody) {
    for (const auto text : {"PROXY UNKNOWN\r\n"sv, "PROXY UNKNOWN a b c\r\n"sv}) {
        const auto header = parse_proxy_header(text);
        EXPECT_EQ(header.state, State::complete);
        EXPECT_EQ(header.size, text.size());
        EXPECT_FALSE(header.client);
    }
    const auto local = parse_proxy_header(binary("\x20\x11\0\0"sv));
    EXPECT_EQ(local.state, State::complete);
    EXPECT_FALSE(local.client);
}

TEST(ProxyHeader, IsBinary) {
    const auto header = parse_proxy_header(
        binary("\x21\x11\0\x11\xc0\0\x02\x03\xc0\0\x02\x04\x12\x67\0\x50\x04\0\x02zzGET"sv));
    ASSERT_EQ(header.state, State::complete);
    EXPECT_EQ(header.size, 33U);
    EXPECT_EQ(header.client->text(), "192.0.2.3:4711");
}

TEST(ProxyHeader, IsAwaited) {
    for (const auto text : {""sv, "PRO"sv, "PROXY TCP4 192.0.2.1"sv, "\r\n\r\n"sv})
        EXPECT_EQ(parse_proxy_header(text).state, State::incomplete) << text;
}

TEST(ProxyHeader, IsMissing) {
    for (const auto text : {"GET / HTTP/1.1\r\n"sv, "\x16\x03\x01"sv, "PROXI "sv})
        EXPECT_EQ(parse_proxy_header(text).state, State::missing) << text;
}

TEST(ProxyHeader, IsMalformed) {
    for (const std::string text :
         {std::string("PROXY TCP9 a b 1 2\r\n"), std::string("PROXY TCP4 ::1 ::2 1 2\r\n"),
          std::string("PROXY TCP6 1.2.3.4 1.2.3.4 1 2\r\n"), std::string("PROXY TCP4 1.2.3.4\r\n"),
          std::string("PROXY TCP4 1.2.3.4 1.2.3.4 99999 2\r\n"), "PROXY " + std::string(200, 'x'),
          binary("\x31\x11\0\x0c"sv) + std::string(12, 'x'), binary("\x22\x11\0\0"sv),
          binary("\x21\x12\0\0"sv), binary("\x21\x11\0\x04\1\2\3\4"sv),
          binary("\x21\x11\xff\xff"sv)})
        EXPECT_EQ(parse_proxy_header(text).state, State::malformed) << text;
}

} // namespace

} // namespace preforkd::net
