#include "modules/access/client_host.h"

#include <gtest/gtest.h>

namespace preforkd {
namespace {

TEST(IsInDomain, CoversADomainAndWhatIsBelowIt) {
    EXPECT_TRUE(is_in_domain("example.com", "example.com"));
    EXPECT_TRUE(is_in_domain("WWW.example.com", "Example.COM"));
    EXPECT_TRUE(is_in_domain("www.example.com", ".example.com"));
    EXPECT_FALSE(is_in_domain("badexample.com", "example.com"));
    EXPECT_FALSE(is_in_domain("example.com", "www.example.com"));
    EXPECT_FALSE(is_in_domain("example.com", ""));
}

TEST(FaultOfRange, TellsABadMaskFromABadAddress) {
    EXPECT_EQ(fault_of_range("1.2.3.4/33"), "The specified network mask is invalid.");
    EXPECT_EQ(fault_of_range("::1/200"), "The specified network mask is invalid.");
    EXPECT_EQ(fault_of_range("300.1.1.1"), "The specified IP address is invalid.");
    EXPECT_EQ(fault_of_range("10/8"), "The specified IP address is invalid.");
    EXPECT_EQ(fault_of_range("a:b"), "The specified IP address is invalid.");
}

TEST(FaultOfRange, SaysNothingOfWhatIsNoAddress) {
    EXPECT_EQ(fault_of_range("example.com"), "");
    EXPECT_EQ(fault_of_range("foo/8"), "");
    EXPECT_EQ(fault_of_range("/"), "");
}

} // namespace
} // namespace preforkd
