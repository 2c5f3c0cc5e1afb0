#include "net/tls_client_hello.h"

#include <gtest/gtest.h>
#include <string>

namespace preforkd::net {
namespace {

using std::string_literals::operator""s;

std::optional<std::string_view> host_in(const std::string& extension) {
    return requested_host(
        {reinterpret_cast<const unsigned char*>(extension.data()), extension.size()});
}

// RFC 6066 §3
TEST(RequestedHost, IsTheNameInTheExtension) {
    const std::string extension = "\x00\x0e\x00\x00\x0b"
                                  "example.org"s;
    EXPECT_EQ(host_in(extension), "example.org");
}

TEST(RequestedHost, IsNothingWhereALengthIsWrong) {
    EXPECT_FALSE(host_in("\x00\x0d\x00\x00\x0bexample.org"s));
    EXPECT_FALSE(host_in("\x00\x0f\x00\x00\x0bexample.org"s));
    EXPECT_FALSE(host_in("\x00\x0e\x00\x00\x0c"
                         "example.org"s));
    EXPECT_FALSE(host_in("\x00\x0e\x00\x00\x0a"
                         "example.org"s));
    EXPECT_FALSE(host_in("\x00\x0e\x00\x00"s));
    EXPECT_FALSE(host_in(""s));
}

TEST(RequestedHost, IsNothingWhereTheNameIsNone) {
    EXPECT_FALSE(host_in("\x00\x03\x00\x00\x00"s));
    EXPECT_FALSE(host_in("\x00\x06\x00\x00\x03"
                         "a\0b"s));
    EXPECT_FALSE(host_in("\x00\x06\x00\x00\x03"
                         "a b"s));
    EXPECT_FALSE(host_in("\x00\x06\x00\x00\x03"
                         "a/b"s));
    EXPECT_FALSE(host_in("\x00\x06\x00\x00\x03"
                         "a\xff"
                         "b"s));
}

TEST(RequestedHost, IsNothingWhereAnotherTypeIsNamed) {
    EXPECT_FALSE(host_in("\x00\x0e\x01\x00\x0b"
                         "example.org"s));
}

TEST(RequestedHost, IsNothingWhereItIsLongerThanANameMayBe) {
    const std::string name(256, 'a');
    EXPECT_FALSE(host_in("\x01\x03\x00\x01\x00"s + name));
    EXPECT_EQ(host_in("\x01\x02\x00\x00\xff"s + name.substr(1)), name.substr(1));
}

} // namespace
} // namespace preforkd::net
