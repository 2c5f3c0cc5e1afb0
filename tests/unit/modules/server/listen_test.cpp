#include <gtest/gtest.h>

#include "config/process_settings.h"
#include "modules/modules.h"
#include "unit/modules/server/one_directive.h"

namespace preforkd {
namespace {

class Listen : public testing::Test {
  protected:
    OneDirective prefork{prefork_module()};

    std::string listen(std::vector<std::string> arguments) {
        return prefork.apply("Listen", std::move(arguments));
    }
    const config::ListenAddress& last() {
        return prefork.of<config::ProcessSettings>().listen.back();
    }
};

TEST_F(Listen, TakesAPortAlone) {
    EXPECT_EQ(listen({"8080"}), "");
    EXPECT_EQ(last().host, "");
    EXPECT_EQ(last().port, 8080);
    EXPECT_EQ(last().protocol, "");
}

TEST_F(Listen, TakesAddressesOfBothFamilies) {
    EXPECT_EQ(listen({"127.0.0.1:80"}), "");
    EXPECT_EQ(last().host, "127.0.0.1");
    EXPECT_EQ(listen({"[::1]:8000", "http"}), "");
    EXPECT_EQ(last().host, "::1");
    EXPECT_EQ(last().protocol, "http");
    EXPECT_EQ(listen({"*:81"}), "");
    EXPECT_EQ(last().host, "");
}

TEST_F(Listen, SpeaksTlsOnPort443UnlessToldOtherwise) {
    EXPECT_EQ(listen({"443"}), "");
    EXPECT_EQ(last().protocol, "https");
    EXPECT_EQ(listen({"127.0.0.1:443", "http"}), "");
    EXPECT_EQ(last().protocol, "http");
}

TEST_F(Listen, RefusesInApachesWords) {
    EXPECT_EQ(listen({}), "Listen requires 1 or 2 arguments.");
    EXPECT_EQ(listen({"x"}), "Port must be specified");
    EXPECT_EQ(listen({"1.2.3.4"}), "Port must be specified");
    EXPECT_EQ(listen({"80x"}), "Port must be specified");
    EXPECT_EQ(listen({"0"}), "Invalid address or port");
    EXPECT_EQ(listen({"99999"}), "Invalid address or port");
    EXPECT_EQ(listen({":80"}), "Invalid address or port");
    EXPECT_EQ(listen({"[::1]:x"}), "Invalid address or port");
    EXPECT_EQ(listen({"[::1"}), "Invalid address or port");
}

TEST_F(Listen, TakesOptionsOfTheSocket) {
    EXPECT_EQ(listen({"192.0.2.1:80", "http", "options=freebind,ReusePort"}), "");
    EXPECT_TRUE(last().before_address_exists);
    EXPECT_TRUE(last().shares_port);
    EXPECT_FALSE(last().ipv6_only);
    EXPECT_EQ(last().protocol, "http");
    EXPECT_EQ(listen({"81", "options=v6only"}), "");
    EXPECT_TRUE(last().ipv6_only);
    EXPECT_NE(listen({"82", "options=fast"}).find("Unknown Listen option 'fast'"),
              std::string::npos);
    EXPECT_EQ(listen({"options=freebind"}), "Listen requires 1 or 2 arguments.");
}

TEST_F(Listen, RefusesAnAddressTwice) {
    EXPECT_EQ(listen({"80"}), "");
    EXPECT_EQ(listen({"80"}), "Cannot define multiple Listeners on the same IP:port");
}

TEST_F(Listen, SetsThePool) {
    EXPECT_EQ(prefork.apply("MaxRequestWorkers", {"150"}), "");
    EXPECT_EQ(prefork.apply("MinSpareServers", {"3"}), "");
    const auto& settings = prefork.of<config::ProcessSettings>();
    EXPECT_EQ(settings.max_request_workers, 150);
    EXPECT_TRUE(settings.max_request_workers_was_set);
    EXPECT_EQ(settings.min_spare_servers, 3);
    EXPECT_EQ(prefork.apply("ListenBacklog", {"0"}), "ListenBacklog must be > 0");
    EXPECT_EQ(prefork.apply("SendBufferSize", {"100"}),
              "SendBufferSize must be >= 512 bytes, or 0 for system default.");
}

} // namespace
} // namespace preforkd
