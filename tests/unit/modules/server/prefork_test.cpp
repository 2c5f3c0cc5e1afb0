#include <gtest/gtest.h>

#include "config/process_settings.h"
#include "modules/modules.h"
#include "unit/modules/server/one_directive.h"

namespace preforkd {
namespace {

using config::ProcessSettings;

TEST(Prefork, TakesMemoryInBytesAndInLargerUnits) {
    OneDirective directive(prefork_module());
    EXPECT_EQ(directive.apply("MaxMemoryPerChild", {"64M"}), "");
    EXPECT_EQ(directive.of<ProcessSettings>().max_memory_per_child, 64u << 20);
    EXPECT_EQ(directive.apply("MaxMemoryPerChild", {"500000"}), "");
    EXPECT_EQ(directive.of<ProcessSettings>().max_memory_per_child, 500000u);
    EXPECT_NE(directive.apply("MaxMemoryPerChild", {"much"}), "");
    EXPECT_NE(directive.apply("MaxMemoryPerChild", {"-1"}), "");
    EXPECT_NE(directive.apply("MaxMemoryPerChild", {"99999999999999999G"}), "");
}

TEST(Prefork, TakesAJitterOfNoneOrSomeConnections) {
    OneDirective directive(prefork_module());
    EXPECT_EQ(directive.apply("MaxConnectionsPerChildJitter", {"20"}), "");
    EXPECT_EQ(directive.of<ProcessSettings>().max_connections_per_child_jitter, 20);
    EXPECT_NE(directive.apply("MaxConnectionsPerChildJitter", {"some"}), "");
    EXPECT_NE(directive.apply("MaxConnectionsPerChildJitter", {"-3"}), "");
}

TEST(Prefork, TakesATimeoutForWhenEveryChildIsBusy) {
    OneDirective directive(prefork_module());
    EXPECT_EQ(directive.of<ProcessSettings>().busy_timeout, Duration(0));
    EXPECT_EQ(directive.apply("BusyTimeout", {"2"}), "");
    EXPECT_EQ(directive.of<ProcessSettings>().busy_timeout, std::chrono::seconds(2));
    EXPECT_EQ(directive.apply("BusyTimeout", {"500ms"}), "");
    EXPECT_EQ(directive.of<ProcessSettings>().busy_timeout, std::chrono::milliseconds(500));
    EXPECT_NE(directive.apply("BusyTimeout", {"2 parsecs"}), "");
}

TEST(Prefork, SaysHowLongConnectionsMayBeDeferred) {
    OneDirective directive(prefork_module());
    EXPECT_EQ(directive.of<ProcessSettings>().defer_accept, 30);
    EXPECT_EQ(directive.apply("ListenTCPDeferAccept", {"7"}), "");
    EXPECT_EQ(directive.of<ProcessSettings>().defer_accept, 7);
    EXPECT_EQ(directive.apply("ListenTCPDeferAccept", {"0"}), "ListenTCPDeferAccept must be > 0");
}

TEST(Prefork, SaysThatMaxClientsIsAnOldName) {
    OneDirective directive(prefork_module());
    EXPECT_EQ(directive.apply("MaxClients", {"20"}), "");
    EXPECT_EQ(directive.of<ProcessSettings>().max_request_workers, 20);
    const auto& warnings = directive.configuration().warnings;
    ASSERT_EQ(warnings.size(), 1u);
    EXPECT_EQ(warnings[0].text,
              "AH00188: MaxClients is deprecated, use MaxRequestWorkers instead.");
    EXPECT_EQ(warnings[0].level, log::Level::info);
}

TEST(Prefork, SaysThatMaxRequestsPerChildIsAnOldName) {
    OneDirective directive(core_module());
    EXPECT_EQ(directive.apply("MaxRequestsPerChild", {"20"}), "");
    EXPECT_EQ(directive.of<ProcessSettings>().max_connections_per_child, 20);
    const auto& warnings = directive.configuration().warnings;
    ASSERT_EQ(warnings.size(), 1u);
    EXPECT_EQ(warnings[0].text, "AH00545: MaxRequestsPerChild is deprecated, use "
                                "MaxConnectionsPerChild instead.");
    EXPECT_EQ(warnings[0].level, log::Level::info);
}

} // namespace
} // namespace preforkd
