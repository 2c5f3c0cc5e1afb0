#include "modules/proxy/remote_proxy.h"

#include <gtest/gtest.h>

#include "modules/proxy/proxy_settings.h"

namespace preforkd::proxy {
namespace {

class RemoteProxies : public testing::Test {
  protected:
    const RemoteProxy& add(std::string prefix) {
        RemoteProxy remote;
        remote.prefix = std::move(prefix);
        return settings.remotes.add(std::move(remote));
    }

    const RemoteProxy* through(const std::string& url) {
        Worker worker;
        worker.url = *parse_backend_url(url);
        return remote_for(settings, worker, url);
    }

    void ask_directly(std::string name) { settings.direct_hosts.push_back({std::move(name), {}}); }

    ServerSettings settings;
};

TEST_F(RemoteProxies, AreForTheUrlsThatBeginSo) {
    const auto& remote = add("http://far.test/a");
    EXPECT_EQ(through("http://far.test/a/b"), &remote);
    EXPECT_EQ(through("HTTP://Far.test/a"), &remote);
    EXPECT_EQ(through("http://far.test/b"), nullptr);
    EXPECT_EQ(through("https://far.test/a"), nullptr);
}

TEST_F(RemoteProxies, AreForASchemeOrForEverythingElse) {
    const auto& tls = add("https://");
    const auto& rest = add("");
    EXPECT_EQ(through("https://far.test/"), &tls);
    EXPECT_EQ(through("http://far.test/"), &rest);
    EXPECT_EQ(through("fcgi://far.test/"), nullptr);
    EXPECT_EQ(through("unix:/run/x|http://far.test/"), nullptr);
}

TEST_F(RemoteProxies, AreNotForDirectHosts) {
    const auto& remote = add("");
    ask_directly("near.test");
    ask_directly(".domain.test");
    ask_directly("word");
    settings.direct_hosts.push_back({{}, net::AddressRange::parse("10.1")});
    EXPECT_EQ(through("http://near.test:8080/"), nullptr);
    EXPECT_EQ(through("http://a.domain.test/"), nullptr);
    EXPECT_EQ(through("http://passwords.test/"), nullptr);
    EXPECT_EQ(through("http://10.1.2.3/"), nullptr);
    EXPECT_EQ(through("http://very.near.test/"), &remote);
    EXPECT_EQ(through("http://domain.test/"), &remote);
    EXPECT_EQ(through("http://10.2.2.3/"), &remote);
}

TEST_F(RemoteProxies, KeepTheirConnectionsButForTunnels) {
    const auto& remote = add("");
    Worker plain, secret;
    plain.url = *parse_backend_url("http://far.test/");
    secret.url = *parse_backend_url("https://far.test/");
    EXPECT_EQ(&keeper_of(plain, nullptr), &plain);
    EXPECT_EQ(&keeper_of(plain, &remote), &remote.worker);
    EXPECT_EQ(&keeper_of(secret, &remote), &secret);
}

} // namespace
} // namespace preforkd::proxy
