#include "net/proxy_protocol.h"

#include <gtest/gtest.h>

#include "base/log.h"

namespace preforkd::net {

namespace {

using State = ProxyHeader::State;
using namespace std::string_view_literals;

constexpr auto signature = "\r\n\r\n\0\r\nQUIT\n"sv;

std::string binary(std::string_view rest) { return std::string(signature).append(rest); }

std::string problem_of(std::string_view line) {
    return parse_proxy_header(std::string(line) + "\r\n").problem;
}

TEST(ProxyHeader, IsALine) {
    const auto header = parse_proxy_header("PROXY TCP4 192.0.2.1 192.0.2.2 4711 80\r\nGET /");
    ASSERT_EQ(header.state, State::complete);
    EXPECT_EQ(header.size, 40U);
    EXPECT_EQ(header.client->text(), "192.0.2.1:4711");
    EXPECT_EQ(parse_proxy_header("PROXY TCP6 2001:db8::1 ::1 1 2\r\n").client->text(),
              "[2001:db8::1]:1");
}

// HAProxy's specification: a proxy that cannot tell its client says UNKNOWN, and anything behind
// it.
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

// Which spelling of an address is the right one is not for this server to say.
TEST(ProxyHeader, KeepsAnAddressAsItIsWritten) {
    const auto mapped = parse_proxy_header("PROXY TCP6 ::ffff:192.0.2.1 ::1 4711 80\r\n");
    EXPECT_EQ(mapped.client_ip, "::ffff:192.0.2.1");
    EXPECT_EQ(mapped.client->text(), "192.0.2.1:4711");
    EXPECT_EQ(parse_proxy_header("PROXY TCP6 2001:0DB8:0::1 ::1 1 2\r\n").client_ip,
              "2001:0DB8:0::1");
    const auto packed =
        parse_proxy_header(binary("\x21\x11\0\x0c\xc0\0\x02\x03\xc0\0\x02\x04\x12\x67\0\x50"sv));
    EXPECT_EQ(packed.client_ip, "192.0.2.3");
}

// Nothing is decided below the length of the shortest header.
TEST(ProxyHeader, IsAwaited) {
    for (const auto text :
         {""sv, "PRO"sv, "PROXY TCP4 192.0.2.1"sv, "\r\n\r\n"sv, "GET / HTTP/1."sv})
        EXPECT_EQ(parse_proxy_header(text).state, State::incomplete) << text;
}

TEST(ProxyHeader, IsMissing) {
    for (const std::string text :
         {std::string("GET / HTTP/1.1\r\n"), std::string("PROXI TCP4 192.0.2.1"),
          std::string("PROXY\r\nGET / HTTP/1.1"), binary("\x31\x11\0\x0c"sv),
          binary("\x11\x11\0\x0c"sv)})
        EXPECT_EQ(parse_proxy_header(text).state, State::missing) << text;
}

TEST(ProxyHeader, IsMalformed) {
    for (const std::string text :
         {std::string("PROXY TCP9 a b 1 2\r\n"), std::string("PROXY TCP4 ::1 ::2 1 2\r\n"),
          std::string("PROXY TCP6 1.2.3.4 1.2.3.4 1 2\r\n"), std::string("PROXY TCP4 1.2.3.4\r\n"),
          std::string("PROXY TCP4 1.2.3.4 1.2.3.4 99999 2\r\n"), "PROXY " + std::string(200, 'x'),
          std::string("PROXY  TCP4 1.2.3.4 1.2.3.4 1 2\r\n"),
          std::string("PROXY TCP4 1.2.3.4 1.2.3.4 47x 2\r\n"),
          std::string("PROXY TCP4 1.2.3.4 1.2.3.4 -3 2\r\n"), binary("\x22\x11\0\0"sv),
          binary("\x21\x12\0\0"sv), binary("\x21\x11\0\x04\1\2\3\4"sv),
          binary("\x21\x11\xff\xff"sv)})
        EXPECT_EQ(parse_proxy_header(text).state, State::malformed) << text;
}

TEST(ProxyHeader, HasTheProblemsOfApache) {
    EXPECT_EQ(problem_of("PROXY TCP4 x 1.2.3.4 1 2"),
              "AH03500: RemoteIPProxyProtocol: invalid client-address 'x' found in header 'PROXY "
              "TCP4 x 1.2.3.4 1 2'");
    EXPECT_EQ(problem_of("PROXY TCP6 [::1] ::1 1 2").substr(0, 7), "AH03500");
    EXPECT_EQ(problem_of("PROXY TCP4 \t1.2.3.4 1.2.3.4 1 2").substr(0, 7), "AH03500");
    EXPECT_EQ(problem_of("PROXY TCP4 1.2.3.4").substr(0, 55),
              "AH03497: RemoteIPProxyProtocol: no destination-address ");
    EXPECT_EQ(parse_proxy_header(binary("\x21\x21\0\x04\1\2\3\4"sv)).problem,
              "AH10598: RemoteIPProxyProtocol: address length 4 too short for TCPv6");
}

TEST(ProxyHeader, SaysOfAnAddressWhatAResolverWould) {
    const auto header = parse_proxy_header("PROXY TCP4 1.2.3.999 1.2.3.4 1 2\r\n");
    EXPECT_EQ(header.problem,
              "AH03502: RemoteIPProxyProtocol: error converting family '2', host '1.2.3.999', and "
              "port '1' to sockaddr; header was 'PROXY TCP4 1.2.3.999 1.2.3.4 1 2'");
    EXPECT_EQ(header.code, log::cause_no_such_host);
    EXPECT_EQ(parse_proxy_header("PROXY TCP6 1.2.3.4 ::1 1 2\r\n").code, log::cause_wrong_family);
}

// Apache counts from the fifteenth byte.
TEST(ProxyHeader, HasAnEnd) {
    const auto line_of = [](std::size_t size) {
        const std::string begin = "PROXY TCP4 192.0.2.1 192.0.2.2 4711 80 ";
        return begin + std::string(size - begin.size() - 2, 'x') + "\r\n";
    };
    EXPECT_EQ(parse_proxy_header(line_of(108)).state, State::complete);
    EXPECT_EQ(parse_proxy_header(line_of(109)).problem,
              "AH10185: RemoteIPProxyProtocol header too long, got 94 expected 93");
    EXPECT_EQ(parse_proxy_header(line_of(120) + "GET /\r\n").problem,
              "AH10185: RemoteIPProxyProtocol header too long, got 105 expected 93");
    EXPECT_EQ(parse_proxy_header("PROXY " + std::string(102, 'x')).state, State::incomplete);
    EXPECT_EQ(parse_proxy_header("PROXY " + std::string(103, 'x')).state, State::malformed);
}

} // namespace

} // namespace preforkd::net
