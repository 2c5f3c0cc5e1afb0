#include "modules/connection/ssl/ssl_settings.h"

#include <gtest/gtest.h>

namespace preforkd::ssl {
namespace {

using Files = std::vector<std::string>;

TEST(SslServerSettings, AHostTakesOverWhatItDoesNotSay) {
    SslServerSettings main;
    main.engine = Engine::on;
    main.versions = net::tls_1_2;
    main.certificate_files = {"/main.pem"};
    main.stapling.use = true;
    main.session_cache = CacheChoice{CacheChoice::Kind::shared_memory, 9000};
    main.sni_policy = SniPolicy::strict;
    SslServerSettings host;
    host.versions = net::tls_1_3;
    host.inherit_from(main);
    EXPECT_EQ(host.engine, Engine::on);
    EXPECT_EQ(host.versions, net::tls_1_3);
    EXPECT_EQ(host.certificate_files, Files{"/main.pem"});
    EXPECT_EQ(host.stapling.use, true);
    EXPECT_EQ(host.session_cache->size, 9000u);
    EXPECT_EQ(host.sni_policy, SniPolicy::strict);
}

TEST(SslServerSettings, AHostWithCertificatesHasNoneOfTheMainServers) {
    SslServerSettings main;
    main.certificate_files = {"/rsa.pem", "/ecdsa.pem"};
    main.key_files = {"/rsa.key", "/ecdsa.key"};
    SslServerSettings host;
    host.certificate_files = {"/host.pem"};
    host.key_files = {"/host.key"};
    host.inherit_from(main);
    EXPECT_EQ(host.certificate_files, Files{"/host.pem"});
    EXPECT_EQ(host.key_files, Files{"/host.key"});
}

TEST(SslServerSettings, HostsWithCertificatesCanShareTheMainServersKey) {
    SslServerSettings main;
    main.key_files = {"/main.key"};
    SslServerSettings host;
    host.certificate_files = {"/host.pem"};
    host.inherit_from(main);
    EXPECT_EQ(host.key_files, Files{"/main.key"});
}

TEST(SslServerSettings, AHostsCommandsFollowTheMainServers) {
    SslServerSettings main;
    main.commands = {{"Curves", "X25519"}};
    SslServerSettings host;
    host.commands = {{"Curves", "P-256"}};
    host.inherit_from(main);
    ASSERT_EQ(host.commands.size(), 2u);
    EXPECT_EQ(host.commands[0].second, "X25519");
    EXPECT_EQ(host.commands[1].second, "P-256");
}

// Outer to inner, as a request meets them.
unsigned merged(std::vector<SslDirectorySettings> sections) {
    SslDirectorySettings result;
    for (SslDirectorySettings& section : sections) {
        section.inherit_from(result);
        result = section;
    }
    return result.effective_options();
}

SslDirectorySettings said(std::optional<unsigned> plain, unsigned added, unsigned removed = 0) {
    SslDirectorySettings settings;
    settings.options = plain;
    settings.options_added = added;
    settings.options_removed = removed;
    return settings;
}

constexpr auto variables = option_std_env_vars;
constexpr auto certificates = option_export_cert_data;
constexpr auto strict = option_strict_require;

TEST(SslOptions, WithASignChangeWhatIsInherited) {
    EXPECT_EQ(merged({said({}, variables), said({}, strict)}), 0u + variables + strict);
    EXPECT_EQ(merged({said(variables, 0), said({}, strict, variables)}), 0u + strict);
    EXPECT_EQ(merged({said({}, variables | strict), said({}, 0, strict)}), 0u + variables);
    EXPECT_EQ(merged({said({}, 0, strict), said({}, strict)}), 0u + strict);
}

TEST(SslOptions, WithoutASignReplaceWhatIsInherited) {
    EXPECT_EQ(merged({said({}, variables | strict), said(certificates, 0)}), 0u + certificates);
    EXPECT_EQ(merged({said({}, variables), said(certificates, strict)}),
              0u + certificates + strict);
}

TEST(SslOptions, MergeInPairsAsTheyDoInARow) {
    SslDirectorySettings file = said({}, strict, variables);
    file.inherit_from(said({}, variables | certificates));
    file.inherit_from(said(variables, 0));
    EXPECT_EQ(file.effective_options(), 0u + strict + certificates);
}

TEST(SslDirectorySettings, TakeOverWhatTheyDoNotSay) {
    SslDirectorySettings outer;
    outer.requires_ssl = true;
    outer.verification = net::ClientVerification::required;
    outer.verification_depth = 3;
    SslDirectorySettings inner;
    inner.verification = net::ClientVerification::optional;
    inner.inherit_from(outer);
    EXPECT_TRUE(inner.requires_ssl);
    EXPECT_EQ(inner.verification, net::ClientVerification::optional);
    EXPECT_EQ(inner.verification_depth, 3);
}

} // namespace
} // namespace preforkd::ssl
