#include "modules/connection/ssl/ssl_directives.h"

#include <gtest/gtest.h>

#include "modules/modules.h"
#include "unit/modules/server/one_directive.h"

namespace preforkd::ssl {
namespace {

// A file and a folder that are there on every machine.
constexpr const char* some_file = "/etc/passwd";
constexpr const char* some_folder = "/etc";

class SslDirectives : public testing::Test {
  protected:
    std::string apply(std::string_view name, std::vector<std::string> arguments) {
        return ssl.apply(name, std::move(arguments));
    }
    const SslServerSettings& server() { return ssl.of<SslServerSettings>(); }
    const SslDirectorySettings& section() { return ssl.of<SslDirectorySettings>(); }

    OneDirective ssl{ssl_module()};
};

TEST_F(SslDirectives, SwitchTheEngine) {
    EXPECT_EQ(apply("SSLEngine", {"On"}), "");
    EXPECT_EQ(server().engine, Engine::on);
    EXPECT_EQ(apply("SSLEngine", {"off"}), "");
    EXPECT_EQ(server().engine, Engine::off);
    EXPECT_EQ(apply("SSLEngine", {"maybe"}), "Argument must be On or Off");
}

TEST_F(SslDirectives, TakeAnOptionalEngineForNone) {
    EXPECT_EQ(apply("SSLEngine", {"optional"}), "");
    EXPECT_EQ(server().engine, Engine::off);
    ASSERT_EQ(ssl.configuration().warnings.size(), 1u);
    EXPECT_EQ(ssl.configuration().warnings[0].text,
              "AH10510: 'SSLEngine optional' is no longer supported");
    EXPECT_EQ(ssl.configuration().warnings[0].level, log::Level::notice);
}

TEST_F(SslDirectives, WarnOfProtocolsThatReplaceOthers) {
    EXPECT_EQ(apply("SSLProtocol", {"all", "TLSv1.3"}), "");
    EXPECT_EQ(server().versions, net::tls_1_3);
    ASSERT_EQ(ssl.configuration().warnings.size(), 1u);
    EXPECT_EQ(ssl.configuration().warnings[0].text,
              "AH02532: SSLProtocol: Protocol 'TLSv1.3' overrides already set parameter(s). Check "
              "if a +/- prefix is missing.");
}

TEST_F(SslDirectives, NeverAllowCiphersWithoutAuthenticationOrEncryption) {
    EXPECT_EQ(apply("SSLCipherSuite", {"HIGH"}), "");
    EXPECT_EQ(server().ciphers, "HIGH:!aNULL:!eNULL:!EXP");
    EXPECT_EQ(apply("SSLOpenSSLConfCmd", {"cipherstring", "ALL"}), "");
    EXPECT_EQ(server().commands.back().second, "ALL:!aNULL:!eNULL:!EXP");
}

TEST_F(SslDirectives, KeepCiphersOfTls13Apart) {
    EXPECT_EQ(apply("SSLCipherSuite", {"TLSv1.3", "TLS_AES_256_GCM_SHA384"}), "");
    EXPECT_EQ(apply("SSLCipherSuite", {"SSL", "HIGH"}), "");
    EXPECT_EQ(server().ciphers_1_3, "TLS_AES_256_GCM_SHA384");
    EXPECT_EQ(server().ciphers, "HIGH:!aNULL:!eNULL:!EXP");
    EXPECT_EQ(apply("SSLCipherSuite", {"TLSv1.2", "HIGH"}), "protocol 'TLSv1.2' not supported");
}

TEST_F(SslDirectives, SpeakOfASectionWithinOne) {
    ssl.context = config::htaccess;
    EXPECT_EQ(apply("SSLVerifyClient", {"require"}), "");
    EXPECT_EQ(apply("SSLVerifyDepth", {"4"}), "");
    EXPECT_EQ(apply("SSLCipherSuite", {"HIGH"}), "");
    EXPECT_EQ(section().verification, net::ClientVerification::required);
    EXPECT_EQ(section().verification_depth, 4);
    EXPECT_EQ(section().ciphers, "HIGH:!aNULL:!eNULL:!EXP");
    EXPECT_FALSE(server().verification || server().verification_depth || server().ciphers);
    EXPECT_EQ(apply("SSLCipherSuite", {"TLSv1.3", "x"}),
              "TLSv1.3 ciphers cannot be set inside a directory context");
    EXPECT_EQ(apply("SSLCACertificateFile", {some_file}),
              "Your SSL library does not have support for per-directory CA");
}

TEST_F(SslDirectives, SpeakOfTheHostOutsideSections) {
    EXPECT_EQ(apply("SSLVerifyClient", {"Optional_No_CA"}), "");
    EXPECT_EQ(apply("SSLVerifyDepth", {"4"}), "");
    EXPECT_EQ(server().verification, net::ClientVerification::optional_no_ca);
    EXPECT_EQ(server().verification_depth, 4);
    EXPECT_FALSE(section().verification || section().verification_depth);
}

TEST_F(SslDirectives, FindFilesAndFolders) {
    EXPECT_EQ(apply("SSLCertificateFile", {"etc/passwd"}), "");
    EXPECT_EQ(apply("SSLCertificateFile", {some_file}), "");
    EXPECT_EQ(server().certificate_files, (std::vector<std::string>{some_file, some_file}));
    EXPECT_EQ(apply("SSLCACertificatePath", {some_folder}), "");
    EXPECT_EQ(server().authority_folder, some_folder);
    EXPECT_EQ(apply("SSLCACertificatePath", {some_file}),
              "SSLCACertificatePath: directory '/etc/passwd' does not exist");
    EXPECT_EQ(apply("SSLCertificateKeyFile", {some_folder}),
              "SSLCertificateKeyFile: file '/etc' does not exist or is empty");
    EXPECT_EQ(apply("SSLCARevocationFile", {"none"}),
              "SSLCARevocationFile: file '/none' does not exist or is empty");
}

TEST_F(SslDirectives, KnowWhatOpensslsCommandsTake) {
    EXPECT_EQ(apply("SSLOpenSSLConfCmd", {"Curves", "X25519"}), "");
    EXPECT_EQ(apply("SSLOpenSSLConfCmd", {"DHParameters", "etc/passwd"}), "");
    EXPECT_EQ(server().commands[1].second, some_file);
    EXPECT_EQ(apply("SSLOpenSSLConfCmd", {"DHParameters", "none"}),
              "SSLOpenSSLConfCmd: file '/none' does not exist or is empty");
    EXPECT_EQ(apply("SSLOpenSSLConfCmd", {"ChainCAPath", "none"}),
              "SSLOpenSSLConfCmd: directory '/none' does not exist");
    EXPECT_EQ(apply("SSLOpenSSLConfCmd", {"Wishes", "x"}),
              "'Wishes': invalid OpenSSL configuration command");
}

TEST_F(SslDirectives, SetOptionsWithAndWithoutSigns) {
    EXPECT_EQ(apply("SSLOptions", {"+StdEnvVars", "-exportcertdata"}), "");
    EXPECT_EQ(section().options_added, 0u + option_std_env_vars);
    EXPECT_EQ(section().options_removed, 0u + option_export_cert_data);
    EXPECT_EQ(apply("SSLOptions", {"-StdEnvVars", "StrictRequire", "FakeBasicAuth"}), "");
    EXPECT_EQ(section().options, 0u + option_fake_basic_auth);
    EXPECT_EQ(section().effective_options(), 0u + option_fake_basic_auth);
    EXPECT_EQ(apply("SSLOptions", {"None"}), "SSLOptions: Illegal option 'None'");
}

TEST_F(SslDirectives, CheckRevocationAsFarAsTold) {
    EXPECT_EQ(apply("SSLCARevocationCheck", {"chain", "no_crl_for_cert_ok"}), "");
    EXPECT_EQ(server().revocation_check, net::RevocationCheck::chain);
    EXPECT_EQ(server().revocations_may_lack, true);
    EXPECT_EQ(apply("SSLCARevocationCheck", {"leaf"}), "");
    EXPECT_EQ(server().revocation_check, net::RevocationCheck::leaf);
    EXPECT_EQ(server().revocations_may_lack, false);
    EXPECT_EQ(apply("SSLCARevocationCheck", {}), "SSLCARevocationCheck: Invalid argument ''");
}

TEST_F(SslDirectives, SayWhoKnowsPassPhrases) {
    using Kind = PassPhraseDialog::Kind;
    EXPECT_EQ(apply("SSLPassPhraseDialog", {"|bin/ask me"}), "");
    EXPECT_EQ(server().pass_phrase_dialog.kind, Kind::pipe);
    EXPECT_EQ(server().pass_phrase_dialog.program, "/bin/ask me");
    EXPECT_EQ(apply("SSLPassPhraseDialog", {"exec:/bin/sh"}), "");
    EXPECT_EQ(server().pass_phrase_dialog.kind, Kind::exec);
    EXPECT_EQ(server().pass_phrase_dialog.program, "/bin/sh");
    EXPECT_EQ(apply("SSLPassPhraseDialog", {"builtin"}), "");
    EXPECT_EQ(server().pass_phrase_dialog.kind, Kind::builtin);
    EXPECT_EQ(apply("SSLPassPhraseDialog", {"exec:none"}),
              "SSLPassPhraseDialog: file '/none' does not exist");
}

// Each of these would let somebody in, or protect less, if it were passed over.
TEST_F(SslDirectives, RefuseWhatCannotBeDoneAndProtects) {
    EXPECT_NE(apply("SSLFIPS", {"on"}).find("FIPS mode is not supported"), std::string::npos);
    for (const char* mode : {"on", "leaf"})
        EXPECT_NE(apply("SSLOCSPEnable", {mode}).find("not supported"), std::string::npos);
    EXPECT_NE(apply("SSLSRPVerifierFile", {some_file}).find("not supported"), std::string::npos);
    EXPECT_NE(apply("SSLCertificateKeyFile", {"pkcs11:id=45"}).find("not supported"),
              std::string::npos);
    EXPECT_EQ(apply("SSLFIPS", {"off"}), "");
    EXPECT_EQ(apply("SSLOCSPEnable", {"off", "no_ocsp_for_cert_ok"}), "");
}

} // namespace
} // namespace preforkd::ssl
