#include "app/migrate/preview_ports.h"

#include <gtest/gtest.h>

namespace preforkd::migrate {

TEST(PreviewPorts, PutTheStandardOnesFirst) {
    const PreviewPorts ports(9000, {8080, 443, 80, 8080});
    EXPECT_EQ(ports.moved("80"), "9000");
    EXPECT_EQ(ports.moved("*:443"), "*:9001");
    EXPECT_EQ(ports.moved("[::1]:8080"), "[::1]:9002");
    EXPECT_EQ(ports.pairs().size(), 3u);
}

TEST(PreviewPorts, LeaveNoGapWhereOneIsNotThere) {
    const PreviewPorts ports(9000, {8080, 8443});
    EXPECT_EQ(ports.moved("8080"), "9000");
    EXPECT_EQ(ports.moved("_default_:8443"), "_default_:9001");
}

TEST(PreviewPorts, LeaveEverythingElseAlone) {
    const PreviewPorts ports(9000, {80});
    for (const auto* address : {"*", "10.0.0.80", "*:*", "*:81", "2001:db8::80", "[::1]"})
        EXPECT_EQ(ports.moved(address), address);
}

} // namespace preforkd::migrate
