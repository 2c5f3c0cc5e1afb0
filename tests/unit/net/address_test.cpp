#include "net/address.h"

#include <gtest/gtest.h>

namespace preforkd::net {

TEST(Address, ReadsAndWritesBothFamilies) {
    EXPECT_EQ(Address::parse("127.0.0.1", 4711)->text(), "127.0.0.1:4711");
    EXPECT_EQ(Address::parse("0.0.0.0", 0)->text(), "0.0.0.0:0");
    EXPECT_EQ(Address::parse("255.255.255.255", 65535)->text(), "255.255.255.255:65535");
    EXPECT_EQ(Address::parse("2001:DB8::1", 80)->text(), "[2001:db8::1]:80");
    EXPECT_EQ(Address::parse("[::1]", 80)->ip(), "::1");
    EXPECT_FALSE(Address::parse("localhost", 80));
    EXPECT_FALSE(Address::parse("1.2.3", 80));
}

TEST(Address, HoldsAMappedAddressAsIpv4) {
    const auto mapped = Address::parse("::ffff:192.0.2.7", 1);
    ASSERT_TRUE(mapped);
    EXPECT_EQ(mapped->ip(), "192.0.2.7");
    EXPECT_TRUE(mapped->same_host(*Address::parse("192.0.2.7", 2)));
}

TEST(Address, SurvivesTheWayThroughTheSystem) {
    for (const auto* host : {"10.1.2.3", "fe80::1"}) {
        sockaddr_storage system;
        const auto address = *Address::parse(host, 8080);
        EXPECT_GT(address.to_system(system), 0u);
        EXPECT_EQ(Address::from_system(system).text(), address.text());
    }
}

TEST(Address, KnowsLoopback) {
    EXPECT_TRUE(Address::parse("127.9.9.9", 1)->is_loopback());
    EXPECT_TRUE(Address::parse("::1", 1)->is_loopback());
    EXPECT_FALSE(Address::parse("128.0.0.1", 1)->is_loopback());
    EXPECT_FALSE(Address::parse("::2", 1)->is_loopback());
    EXPECT_FALSE(Address().is_loopback());
}

TEST(Address, IsEmptyUntilSet) { EXPECT_TRUE(Address().packed().empty()); }

namespace {

bool covers(std::string_view range, std::string_view host) {
    const auto parsed = AddressRange::parse(range);
    EXPECT_TRUE(parsed) << range;
    return parsed && parsed->contains(*Address::parse(host, 1));
}

} // namespace

TEST(AddressRange, TakesEveryFormThatRequireIpTakes) {
    EXPECT_TRUE(covers("10.1.2.3", "10.1.2.3"));
    EXPECT_FALSE(covers("10.1.2.3", "10.1.2.4"));
    EXPECT_TRUE(covers("10.1", "10.1.255.4"));
    EXPECT_TRUE(covers("10.1.", "10.1.255.4"));
    EXPECT_FALSE(covers("10.1", "10.2.0.1"));
    EXPECT_TRUE(covers("10.0.0.0/9", "10.127.0.1"));
    EXPECT_FALSE(covers("10.0.0.0/9", "10.128.0.1"));
    EXPECT_TRUE(covers("10.1.0.0/255.255.0.0", "10.1.9.9"));
    EXPECT_TRUE(covers("10.0.7.0/255.0.255.0", "10.200.7.9"));
    EXPECT_FALSE(covers("10.0.7.0/255.0.255.0", "10.200.8.9"));
    EXPECT_TRUE(covers("2001:db8::/32", "2001:db8:1::2"));
    EXPECT_FALSE(covers("2001:db8::/32", "2001:db9::2"));
    EXPECT_TRUE(covers("0.0.0.0/0.0.0.0", "198.51.100.1"));
    EXPECT_FALSE(covers("0.0.0.0/0.0.0.0", "::1"));
}

TEST(AddressRange, RefusesWhatIsNone) {
    for (const auto* text :
         {"", "example.com", "10.256", "1.2.3.4.5", "10.0.0.0/33", "10/x", "10.0.0.0/255.0.255",
          "::1/ffff::", "10..1", "0.0.0.0/0", "::/0", "::ffff:192.0.2.1"})
        EXPECT_FALSE(AddressRange::parse(text)) << text;
}

} // namespace preforkd::net
