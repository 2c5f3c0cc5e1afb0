#include "net/tls_client_identities.h"

#include <fstream>
#include <gtest/gtest.h>

#include "net/tls_context.h"
#include "os/file.h"
#include "support/tls_files.h"
#include "support/tls_pair.h"

namespace preforkd::net {
namespace {

using namespace preforkd::testing;

// A server that asks for a certificate of some authorities, and a client that has several.
class TlsClientIdentitiesTest : public ::testing::Test {
  protected:
    static void SetUpTestSuite() {
        files = std::make_unique<TlsFiles>();
        for (const char* name : {"root", "other", "stranger"}) files->make(name);
        files->make("between", "root");
        for (const char* name : {"alice", "bob"}) files->make(name, "other");
        files->make("carol", "between");
        files->make("locked", "other", "secret");
        for (const char* name : {"alice", "bob", "carol", "locked"})
            join(name, {std::string(name) + ".key", std::string(name) + ".pem"});
        join("two", {"alice.pem", "alice.key", "carol.pem", "carol.key"});
        join("lonely", {"alice.pem"});
        join("mixed", {"alice.pem", "bob.key"});
    }
    static void TearDownTestSuite() { files.reset(); }

    static void join(const std::string& name, const std::vector<std::string>& parts) {
        std::ofstream whole(files->path(name));
        for (const auto& part : parts) whole << *read_whole_file(files->path(part));
    }

    TlsClientIdentitiesTest() {
        SSL_CTX_set_verify(server.get(), SSL_VERIFY_PEER, [](int, X509_STORE_CTX*) { return 1; });
    }

    void accept(const std::string& authority) {
        const auto pem = open_pem(files->path(authority + ".pem"));
        const Certificate certificate(PEM_read_bio_X509(pem->get(), nullptr, nullptr, nullptr));
        SSL_CTX_add_client_CA(server.get(), certificate.get());
    }

    // Whose certificate the server sees, and how many of those that lead from it; or what is wrong.
    std::string shown(const std::vector<std::string>& names, const std::string& chain = {}) {
        TlsSettings settings;
        for (const auto& name : names) settings.identity_files.push_back(files->path(name));
        if (!chain.empty()) settings.chain_file = files->path(chain + ".pem");
        const auto context = TlsContext::create_for_requests(settings);
        if (!context) return context.error().what.substr(0, 7);
        const Connection client(SSL_new((*context)->native())), end(SSL_new(server.get()));
        shake_hands(client.get(), end.get());
        if (!SSL_is_init_finished(end.get())) return "no handshake";
        const Certificate seen(SSL_get1_peer_certificate(end.get()));
        if (!seen) return "nobody";
        char name[64] = {};
        X509_NAME_get_text_by_NID(X509_get_subject_name(seen.get()), NID_commonName, name,
                                  sizeof name);
        return name + std::string(" ") +
               std::to_string(sk_X509_num(SSL_get_peer_cert_chain(end.get())));
    }

    static inline std::unique_ptr<TlsFiles> files;
    const testing::Identity host{"host"};
    const Context server = server_context(host);
};

TEST_F(TlsClientIdentitiesTest, ShowTheFirstWhereNoAuthorityIsNamed) {
    EXPECT_EQ(shown({"bob", "alice"}), "bob 0");
    EXPECT_EQ(shown({"two"}), "alice 0");
    EXPECT_EQ(shown({}), "nobody");
}

TEST_F(TlsClientIdentitiesTest, ShowOneOfAnAuthorityThatIsNamed) {
    accept("between");
    EXPECT_EQ(shown({"alice", "bob", "carol"}), "carol 0");
    EXPECT_EQ(shown({"two"}), "carol 0");
    EXPECT_EQ(shown({"alice", "bob"}), "nobody");
    accept("other");
    EXPECT_EQ(shown({"alice", "carol"}), "carol 0"); // by the order of the names
}

TEST_F(TlsClientIdentitiesTest, LeadToAnAuthorityByTheirChain) {
    accept("root");
    EXPECT_EQ(shown({"alice", "carol"}), "nobody");
    EXPECT_EQ(shown({"alice", "carol"}, "between"), "carol 1");
    std::ofstream(files->path("README.pem")) << "no certificate at all\n";
    EXPECT_EQ(shown({"alice", "carol"}, "README"), "nobody");
}

TEST_F(TlsClientIdentitiesTest, AreNoneWithoutTheirKey) {
    EXPECT_EQ(shown({"lonely"}), "nobody");
    EXPECT_EQ(shown({"lonely", "bob"}), "bob 0");
}

TEST_F(TlsClientIdentitiesTest, AreRefusedWithAKeyThatIsNotTheirs) {
    EXPECT_EQ(shown({"locked"}), "AH02252");
    EXPECT_EQ(shown({"alice.key"}), "AH02326");
    EXPECT_EQ(shown({"mixed"}), "AH02326");
}

TEST_F(TlsClientIdentitiesTest, MayStandBesideOtherFiles) {
    std::ofstream(files->path("README")) << "no certificate at all\n";
    EXPECT_EQ(shown({"README", "bob"}), "bob 0");
}

} // namespace
} // namespace preforkd::net
