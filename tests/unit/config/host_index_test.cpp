// Which server answers, by address, port, name and path.
#include <gtest/gtest.h>

#include "unit/config/language.h"

namespace preforkd::config {
namespace {

const std::string local("\x7f\0\0\1", 4);
const std::string other("\x0a\0\0\1", 4);

class HostIndexes : public ::testing::Test, public testing::Language {
  protected:
    static std::string host(const std::string& address, const std::string& name) {
        return "<VirtualHost " + address + ">\nName " + name + "\n</VirtualHost>\n";
    }
    // `count` hosts after the main server get these names, too.
    void alias(std::size_t number, const std::string& name) {
        auto& server = *configuration->servers.at(number);
        const bool wild = name.find_first_of("*?") != std::string::npos;
        (wild ? server.wildcard_aliases : server.aliases).push_back(name);
    }
    std::string asked(const std::string& name, unsigned short port = 80,
                      const std::string& address = local) const {
        const HostIndex index(*configuration);
        return HostIndex::by_name(index.for_address(address, port), name, port).name;
    }
    std::string first(unsigned short port = 80, const std::string& address = local) const {
        const HostIndex index(*configuration);
        return HostIndex::first_of(index.for_address(address, port)).name;
    }
};

TEST_F(HostIndexes, FallBackToTheMainServerWhereNoAddressFits) {
    ASSERT_TRUE(read("Name main\n" + host("127.0.0.1:80", "a")));
    EXPECT_EQ(first(80, other), "main");
    EXPECT_EQ(first(81), "main");
    EXPECT_EQ(asked("a", 81), "main");
}

TEST_F(HostIndexes, TakeTheFirstHostForANameThatNobodyHas) {
    ASSERT_TRUE(read("Name main\n" + host("*:80", "a") + host("*:80", "b")));
    EXPECT_EQ(asked("c"), "a");
    EXPECT_EQ(asked("main"), "a");
    EXPECT_EQ(first(), "a");
}

TEST_F(HostIndexes, FindHostsByNameInAnyLetterCaseAndWithADot) {
    ASSERT_TRUE(read(host("*:80", "a.test") + host("*:80", "b.test")));
    EXPECT_EQ(asked("B.Test"), "b.test");
    EXPECT_EQ(asked("b.test."), "b.test");
    EXPECT_EQ(asked("xb.test"), "a.test");
}

TEST_F(HostIndexes, FindHostsByAliasAndByPattern) {
    ASSERT_TRUE(read(host("*:80", "a") + host("*:80", "b") + host("*:80", "c")));
    alias(2, "other.test");
    alias(3, "*.c?.test");
    EXPECT_EQ(asked("OTHER.test"), "b");
    EXPECT_EQ(asked("x.y.CC.test"), "c");
    EXPECT_EQ(asked("x.c.test"), "a");
}

TEST_F(HostIndexes, TakeTheEarlierOfTwoHostsThatBothFit) {
    ASSERT_TRUE(read(host("*:80", "a") + host("*:80", "b") + host("*:80", "c")));
    alias(2, "*.test");
    alias(3, "x.test");
    EXPECT_EQ(asked("x.test"), "b");
}

TEST_F(HostIndexes, PreferAnAddressToAStar) {
    ASSERT_TRUE(read(host("*:80", "star") + host("127.0.0.1:80", "address")));
    EXPECT_EQ(first(), "address");
    EXPECT_EQ(first(80, other), "star");
    EXPECT_EQ(asked("star"), "address");
}

TEST_F(HostIndexes, PreferAnAddressWithAnyPortToAStarWithThePort) {
    ASSERT_TRUE(read(host("*:80", "star") + host("127.0.0.1", "address")));
    EXPECT_EQ(first(), "address");
}

TEST_F(HostIndexes, PreferThePortToAnyPort) {
    ASSERT_TRUE(read(host("*", "any") + host("*:80", "port")));
    EXPECT_EQ(first(80), "port");
    EXPECT_EQ(first(81), "any");
    ASSERT_TRUE(read(host("127.0.0.1", "any") + host("127.0.0.1:80", "port")));
    EXPECT_EQ(first(80), "port");
    EXPECT_EQ(first(81), "any");
}

TEST_F(HostIndexes, TakeDefaultForAStar) {
    ASSERT_TRUE(read(host("_default_:80", "default")));
    EXPECT_EQ(first(80, other), "default");
}

TEST_F(HostIndexes, KnowIpv6) {
    ASSERT_TRUE(read(host("[::1]:80", "six") + host("*:80", "star")));
    const std::string loopback = std::string(15, '\0') + '\1';
    EXPECT_EQ(first(80, loopback), "six");
    EXPECT_EQ(first(80), "star");
}

TEST_F(HostIndexes, PutAHostUnderEachOfItsAddresses) {
    ASSERT_TRUE(read("Name main\n" + host("127.0.0.1:80 10.0.0.1:81", "both")));
    EXPECT_EQ(first(80), "both");
    EXPECT_EQ(first(81, other), "both");
    EXPECT_EQ(first(81), "main");
}

TEST_F(HostIndexes, FindHostsByPathForClientsThatNameNone) {
    ASSERT_TRUE(read(host("*:80", "a") + host("*:80", "b")));
    configuration->servers[2]->path = "/b";
    const HostIndex index(*configuration);
    const auto& candidates = index.for_address(local, 80);
    EXPECT_EQ(HostIndex::by_path(candidates, "/b/x").name, "b");
    EXPECT_EQ(HostIndex::by_path(candidates, "/b").name, "b");
    EXPECT_EQ(HostIndex::by_path(candidates, "/bx").name, "a");
}

TEST_F(HostIndexes, DescribeThemselvesAsApacheDoes) {
    ASSERT_TRUE(read(host("*:80", "a") + host("*:80", "b") + host("127.0.0.1:81", "c")));
    const std::string file = path("main.conf");
    EXPECT_EQ(HostIndex(*configuration).describe(),
              "127.0.0.1:81           c (" + file + ":7)\n" +
                  "*:80                   is a NameVirtualHost\n" + "         default server a (" +
                  file + ":1)\n" + "         port 80 namevhost a (" + file + ":1)\n" +
                  "         port 80 namevhost b (" + file + ":4)\n");
}

TEST_F(HostIndexes, RefusePortsThatCannotBe) {
    EXPECT_EQ(refusal("<VirtualHost *:99999>\n</VirtualHost>\n"),
              "1: The address or port is invalid");
    EXPECT_EQ(refusal("<VirtualHost 80>\n</VirtualHost>\n"), "1: Missing address for VirtualHost");
    EXPECT_EQ(refusal("<VirtualHost [::1:80>\n</VirtualHost>\n"),
              "1: The address or port is invalid");
}

} // namespace
} // namespace preforkd::config
