#include "os/identity.h"

#include <gtest/gtest.h>

namespace preforkd {

TEST(Identity, TakesNamesAndNumbers) {
    EXPECT_EQ(*find_user("root"), 0u);
    EXPECT_EQ(*find_user("#33"), 33u);
    EXPECT_EQ(*find_group("root"), 0u);
    EXPECT_EQ(*find_group("#-1"), static_cast<gid_t>(-1));
}

TEST(Identity, SaysInApachesWordsWhatIsUnknown) {
    EXPECT_EQ(find_user("no-such-user").error().what, "bad user name no-such-user");
    EXPECT_EQ(find_group("no-such-group").error().what, "bad group name no-such-group");
    EXPECT_FALSE(find_identity("root", "no-such-group"));
}

TEST(Identity, HasTheConfiguredGroupAmongItsGroups) {
    const auto identity = find_identity("root", "#4711");
    ASSERT_TRUE(identity);
    EXPECT_EQ(identity->gid, 4711u);
    EXPECT_NE(std::find(identity->groups.begin(), identity->groups.end(), 4711u),
              identity->groups.end());
}

} // namespace preforkd
