#include "net/tls_facts.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <memory>
#include <optional>

#include "support/tls_files.h"
#include "support/tls_peer.h"

namespace preforkd::net {
namespace {

using testing::TlsFiles;
using testing::TlsPeer;

Status nobody_knows_it(const std::string&, const std::function<bool(const std::string&)>&) {
    return Error{"nobody knows it"};
}

// What is known of a connection after its handshake.
class TlsFacts : public ::testing::Test {
  protected:
    static void SetUpTestSuite() {
        files = std::make_unique<TlsFiles>();
        for (const char* name : {"host", "authority", "stranger"}) files->make(name);
        files->make("alice", "authority");
    }
    static void TearDownTestSuite() { files.reset(); }

    void SetUp() override {
        settings.certificates = {{files->path("host.pem"), files->path("host.key")}};
        settings.authorities.file = files->path("authority.pem");
    }

    const TlsStream& open() {
        auto made = TlsContext::create(settings, nobody_knows_it);
        EXPECT_TRUE(made) << (made ? "" : made.error().what);
        context = std::move(*made);
        stream.emplace(client, *context, [](std::string_view) { return nullptr; });
        const auto outcome = stream->shake_hands(
            [](std::size_t) { return Deadline::after(std::chrono::seconds(5)); });
        EXPECT_EQ(outcome, TlsStream::Opening::done) << stream->failure();
        return *stream;
    }
    void show(const std::string& name) {
        SSL_CTX_use_certificate_file(client.context(), files->path(name + ".pem").c_str(),
                                     SSL_FILETYPE_PEM);
        SSL_CTX_use_PrivateKey_file(client.context(), files->path(name + ".key").c_str(),
                                    SSL_FILETYPE_PEM);
    }

    static inline std::unique_ptr<TlsFiles> files;
    TlsSettings settings;
    std::unique_ptr<TlsContext> context;
    TlsPeer client;
    std::optional<TlsStream> stream;
    Arena arena;
};

TEST_F(TlsFacts, NameProtocolAndCipher) {
    SSL_CTX_set_max_proto_version(client.context(), TLS1_2_VERSION);
    SSL_CTX_set_cipher_list(client.context(), "ECDHE-ECDSA-AES128-GCM-SHA256");
    const auto& tls = open();
    EXPECT_EQ(tls_protocol(tls, arena), "TLSv1.2");
    EXPECT_EQ(tls_cipher(tls, arena), "ECDHE-ECDSA-AES128-GCM-SHA256");
    EXPECT_EQ(tls_key_bits_used(tls, arena), "128");
    EXPECT_EQ(tls_key_bits_possible(tls, arena), "128");
    EXPECT_EQ(tls_cipher_export(tls, arena), "false");
    EXPECT_EQ(tls_compression(tls, arena), "NULL");
    EXPECT_EQ(tls_secure_renegotiation(tls, arena), "true");
}

TEST_F(TlsFacts, TellTheNameThatTheClientAskedFor) {
    SSL_set_tlsext_host_name(client.tls(), "unknown.test");
    EXPECT_EQ(tls_requested_name(open(), arena), "unknown.test");
}

TEST_F(TlsFacts, WriteTheSessionsNumberInHexadecimalDigits) {
    const auto id = tls_session_id(open(), arena);
    EXPECT_EQ(id.size(), 64U);
    EXPECT_EQ(id.find_first_not_of("0123456789abcdef"), std::string_view::npos) << id;
    EXPECT_EQ(tls_session_origin(*stream, arena), "Initial");
}

TEST_F(TlsFacts, KnowBothCertificates) {
    settings.verification = ClientVerification::optional;
    show("alice");
    const auto& tls = open();
    ASSERT_TRUE(client_certificate(tls));
    EXPECT_EQ(client_certificate(tls).subject().text(NameFormat::rfc_2253, arena), "CN=alice");
    EXPECT_EQ(client_certificate(tls).issuer().text(NameFormat::rfc_2253, arena), "CN=authority");
    EXPECT_EQ(server_certificate(tls).subject().text(NameFormat::rfc_2253, arena), "CN=host");
    EXPECT_EQ(tls_client_verdict(tls, arena), "SUCCESS");
    EXPECT_FALSE(client_chain_certificate(tls, 0));
}

TEST_F(TlsFacts, SayNoneOfAClientThatShowsNothing) {
    settings.verification = ClientVerification::optional;
    const auto& tls = open();
    EXPECT_FALSE(client_certificate(tls));
    EXPECT_FALSE(client_chain_certificate(tls, 0));
    EXPECT_EQ(tls_client_verdict(tls, arena), "NONE");
}

TEST_F(TlsFacts, SayWhatIsWrongWithAStrangerWhoIsLetIn) {
    settings.verification = ClientVerification::optional_no_ca;
    show("stranger");
    EXPECT_EQ(tls_client_verdict(open(), arena), "FAILED:self-signed certificate");
}

TEST_F(TlsFacts, CallItGenerousUpToTls12) {
    settings.verification = ClientVerification::optional_no_ca;
    SSL_CTX_set_max_proto_version(client.context(), TLS1_2_VERSION);
    show("stranger");
    EXPECT_EQ(tls_client_verdict(open(), arena), "GENEROUS");
}

} // namespace
} // namespace preforkd::net
