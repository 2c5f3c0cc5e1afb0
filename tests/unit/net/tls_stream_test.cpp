#include "net/tls_stream.h"

#include <array>
#include <gtest/gtest.h>
#include <numeric>
#include <optional>
#include <sys/stat.h>
#include <unistd.h>

#include "os/file.h"
#include "support/scripted_stream.h"
#include "support/tls_files.h"
#include "support/tls_peer.h"

namespace preforkd::net {
namespace {

using testing::ScriptedStream;
using testing::TlsFiles;
using testing::TlsPeer;
using Opening = TlsStream::Opening;

constexpr Duration patience = std::chrono::seconds(5);

Status no_pass_phrase(const std::string&, const std::function<bool(const std::string&)>&) {
    return Error{"nobody knows it"};
}

// One server with a certificate for "host", and a client.
class TlsStreams : public ::testing::Test {
  protected:
    static void SetUpTestSuite() {
        files = std::make_unique<TlsFiles>();
        for (const char* name : {"host", "other", "authority", "stranger"}) files->make(name);
        files->make("alice", "authority");
    }
    static void TearDownTestSuite() { files.reset(); }

    void SetUp() override { settings.certificates = {certificate("host")}; }

    static TlsCertificate certificate(const std::string& name) {
        return {files->path(name + ".pem"), files->path(name + ".key")};
    }
    static std::unique_ptr<TlsContext> context_of(const TlsSettings& settings) {
        auto made = TlsContext::create(settings, no_pass_phrase);
        EXPECT_TRUE(made) << (made ? "" : made.error().what);
        return made ? std::move(*made) : nullptr;
    }

    TlsStream& start(Stream& carrier) {
        context = context_of(settings);
        stream.emplace(carrier, *context, [this](std::string_view name) -> const TlsContext* {
            return name == "other" ? other.get() : nullptr;
        });
        return *stream;
    }
    Opening open(Stream& carrier) {
        return start(carrier).shake_hands([](std::size_t) { return Deadline::after(patience); });
    }
    Opening open() { return open(client); }
    std::string read() {
        std::array<char, 4096> bytes;
        const auto count = stream->read(bytes, Deadline::after(patience));
        return count ? std::string(bytes.data(), *count) : count.error().what;
    }
    void use_client_certificate(const std::string& name) {
        const auto used = certificate(name);
        SSL_CTX_use_certificate_file(client.context(), used.certificate_file.c_str(),
                                     SSL_FILETYPE_PEM);
        SSL_CTX_use_PrivateKey_file(client.context(), used.key_file.c_str(), SSL_FILETYPE_PEM);
    }
    void client_speaks_only(int version) {
        SSL_CTX_set_min_proto_version(client.context(), version);
        SSL_CTX_set_max_proto_version(client.context(), version);
    }
    std::string name_of_server() {
        X509* shown = SSL_get0_peer_certificate(client.tls());
        std::array<char, 64> name{};
        X509_NAME_get_text_by_NID(X509_get_subject_name(shown), NID_commonName, name.data(),
                                  name.size());
        return name.data();
    }

    static inline std::unique_ptr<TlsFiles> files;
    TlsSettings settings;
    std::unique_ptr<TlsContext> context, other;
    TlsPeer client;
    std::optional<TlsStream> stream;
};

TEST_F(TlsStreams, CarryWhatBothSidesSay) {
    client.say("a question");
    ASSERT_EQ(open(), Opening::done);
    EXPECT_EQ(read(), "a question");
    ASSERT_TRUE(stream->write("an ", "answer", patience));
    EXPECT_EQ(client.heard(), "an answer");
}

// A handshake of TLS 1.3 and the answer to the request behind it take two writes.
TEST_F(TlsStreams, SendAsFewTimesAsTheyCan) {
    client.say("a question");
    ASSERT_EQ(open(), Opening::done);
    EXPECT_EQ(client.sizes_of_writes.size(), 1u);
    read();
    ASSERT_TRUE(stream->write("a head", {}, patience, true));
    ASSERT_TRUE(stream->write("with its content", {}, patience));
    EXPECT_LE(client.sizes_of_writes.size(), 3u);
    EXPECT_EQ(client.heard(), "a headwith its content");
}

TEST_F(TlsStreams, SendLargeContentInBoundedPieces) {
    ASSERT_EQ(open(), Opening::done);
    std::string large(300'000, '\0');
    std::iota(large.begin(), large.end(), '\0');
    ASSERT_TRUE(stream->write("head", large, patience));
    EXPECT_EQ(client.heard(), "head" + large);
    EXPECT_LT(*std::max_element(client.sizes_of_writes.begin(), client.sizes_of_writes.end()),
              96u * 1024);
}

TEST_F(TlsStreams, SendFilesBehindTheirHead) {
    ASSERT_EQ(open(), Opening::done);
    std::string large(100'000, '\0');
    std::iota(large.begin(), large.end(), '\0');
    const auto path = files->path("large");
    ASSERT_TRUE(replace_file(path, large));
    const auto file = open_for_reading(path.c_str());
    ASSERT_TRUE(file);
    ASSERT_TRUE(stream->write("head", {}, patience, true));
    off_t offset = 10;
    ASSERT_TRUE(stream->send_file(file->get(), offset, large.size() - 10, patience));
    EXPECT_EQ(client.heard(), "head" + large.substr(10));
    EXPECT_EQ(offset, static_cast<off_t>(large.size()));
    EXPECT_FALSE(stream->send_file(file->get(), offset, 1, patience));
}

TEST_F(TlsStreams, ChooseTheHostThatIsAskedFor) {
    TlsSettings for_other = settings;
    for_other.certificates = {certificate("other")};
    other = context_of(for_other);
    SSL_set_tlsext_host_name(client.tls(), "other");
    ASSERT_EQ(open(), Opening::done);
    EXPECT_EQ(stream->requested_name(), "other");
    EXPECT_EQ(&stream->context(), other.get());
    EXPECT_EQ(name_of_server(), "other");
}

TEST_F(TlsStreams, ServeWhoAsksForAnUnknownHostAsTheAddressSays) {
    SSL_set_tlsext_host_name(client.tls(), "unknown");
    ASSERT_EQ(open(), Opening::done);
    EXPECT_EQ(stream->requested_name(), "unknown");
    EXPECT_EQ(name_of_server(), "host");
}

TEST_F(TlsStreams, OfferTheVersionsOfTheHostThatIsAskedFor) {
    settings.versions = tls_1_3;
    TlsSettings older = settings;
    older.versions = tls_1_2;
    other = context_of(older);
    SSL_set_tlsext_host_name(client.tls(), "other");
    ASSERT_EQ(open(), Opening::done);
    EXPECT_EQ(SSL_version(client.tls()), TLS1_2_VERSION);
}

TEST_F(TlsStreams, RefuseVersionsThatAreNotWanted) {
    settings.versions = tls_1_3;
    client_speaks_only(TLS1_2_VERSION);
    EXPECT_EQ(open(), Opening::failed);
    EXPECT_NE(stream->failure().find("unsupported protocol"), std::string::npos);
    EXPECT_FALSE(client.sizes_of_writes.empty()); // an alert
}

TEST_F(TlsStreams, NameTheProtocolThatIsSpoken) {
    const std::string offered = "\x02h2\x08http/1.1";
    SSL_CTX_set_alpn_protos(client.context(),
                            reinterpret_cast<const unsigned char*>(offered.data()),
                            static_cast<unsigned>(offered.size()));
    ASSERT_EQ(open(), Opening::done);
    const unsigned char* chosen = nullptr;
    unsigned length = 0;
    SSL_get0_alpn_selected(client.tls(), &chosen, &length);
    EXPECT_EQ(std::string(reinterpret_cast<const char*>(chosen), length), "http/1.1");
}

TEST_F(TlsStreams, ServeWhoOffersOtherProtocols) {
    const std::string offered = "\x02h2";
    SSL_CTX_set_alpn_protos(client.context(),
                            reinterpret_cast<const unsigned char*>(offered.data()),
                            static_cast<unsigned>(offered.size()));
    EXPECT_EQ(open(), Opening::done);
}

TEST_F(TlsStreams, AnswerPlainHttpInPlainText) {
    ScriptedStream carrier;
    carrier.say("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    ASSERT_EQ(open(carrier), Opening::plain_http);
    ASSERT_TRUE(stream->write("plain", {}, patience));
    stream->conclude();
    EXPECT_EQ(carrier.sent, "plain");
}

TEST_F(TlsStreams, TellWhyAHandshakeEnded) {
    ScriptedStream silent;
    EXPECT_EQ(open(silent), Opening::closed);
    ScriptedStream late;
    late.problem = Error{"", ETIMEDOUT};
    EXPECT_EQ(open(late), Opening::timed_out);
    ScriptedStream reset;
    reset.problem = Error{"", ECONNRESET};
    EXPECT_EQ(open(reset), Opening::closed);
    ScriptedStream garbage;
    garbage.say(std::string(64, '\x80'));
    EXPECT_EQ(open(garbage), Opening::failed);
}

TEST_F(TlsStreams, SayGoodbye) {
    ASSERT_EQ(open(), Opening::done);
    EXPECT_FALSE(client.was_told_goodbye());
    stream->conclude();
    EXPECT_TRUE(client.was_told_goodbye());
}

TEST_F(TlsStreams, ReadTheClientsGoodbyeAsTheEnd) {
    client.say("last words");
    ASSERT_EQ(open(), Opening::done);
    EXPECT_EQ(read(), "last words");
    SSL_shutdown(client.tls());
    EXPECT_EQ(read(), "");
}

TEST_F(TlsStreams, KeepWaitingAfterASilence) {
    ASSERT_EQ(open(), Opening::done);
    std::array<char, 16> bytes;
    const auto count = stream->read(bytes, Deadline::after(patience));
    ASSERT_FALSE(count);
    EXPECT_EQ(count.error().code, ETIMEDOUT);
    client.say("sorry");
    EXPECT_EQ(read(), "sorry");
}

// RFC 5746 keeps renegotiation from being abused; nobody needs a client that begins it.
TEST_F(TlsStreams, RefuseRenegotiationThatTheClientWants) {
    settings.versions = tls_1_2;
    ASSERT_EQ(open(), Opening::done);
    SSL_renegotiate(client.tls());
    SSL_do_handshake(client.tls());
    EXPECT_NE(read(), "");
    EXPECT_FALSE(SSL_is_init_finished(client.tls()) && SSL_num_renegotiations(client.tls()) > 1);
}

class ClientCertificates : public TlsStreams, public ::testing::WithParamInterface<int> {
  protected:
    void SetUp() override {
        TlsStreams::SetUp();
        settings.authorities.file = files->path("authority.pem");
        client_speaks_only(GetParam());
    }
    Status demand(ClientVerification verification) {
        return stream->verify_client(verification, 1, Deadline::after(patience));
    }
};

TEST_P(ClientCertificates, AreVerifiedInTheHandshake) {
    settings.verification = ClientVerification::required;
    use_client_certificate("alice");
    ASSERT_EQ(open(), Opening::done);
    EXPECT_TRUE(stream->has_client_certificate());
    EXPECT_TRUE(stream->is_client_verified());
}

TEST_P(ClientCertificates, MustBeThereWhereTheyAreRequired) {
    settings.verification = ClientVerification::required;
    EXPECT_EQ(open(), Opening::failed);
}

TEST_P(ClientCertificates, MustComeFromAnAuthority) {
    settings.verification = ClientVerification::optional;
    use_client_certificate("stranger");
    EXPECT_EQ(open(), Opening::failed);
}

TEST_P(ClientCertificates, MayComeFromAnybodyWhereThatIsSaid) {
    settings.verification = ClientVerification::optional_no_ca;
    use_client_certificate("stranger");
    ASSERT_EQ(open(), Opening::done);
    EXPECT_TRUE(stream->has_client_certificate());
    EXPECT_FALSE(stream->is_client_verified());
}

TEST_P(ClientCertificates, MustBeAsNearToAnAuthorityAsSaid) {
    settings.verification = ClientVerification::required;
    settings.verification_depth = 0;
    use_client_certificate("alice");
    EXPECT_EQ(open(), Opening::failed);
}

TEST_P(ClientCertificates, CanBeAskedForLater) {
    use_client_certificate("alice");
    client.say("a request");
    ASSERT_EQ(open(), Opening::done);
    EXPECT_EQ(read(), "a request");
    EXPECT_FALSE(stream->has_client_certificate());
    const auto asked = demand(ClientVerification::required);
    ASSERT_TRUE(asked) << asked.error().what;
    EXPECT_TRUE(stream->has_client_certificate());
    EXPECT_TRUE(stream->is_client_verified());
    ASSERT_TRUE(stream->write("an answer", {}, patience));
    EXPECT_EQ(client.heard(), "an answer");
}

TEST_P(ClientCertificates, ThatAreBadEndTheConnectionWhenAskedForLater) {
    use_client_certificate("stranger");
    client.say("a request");
    ASSERT_EQ(open(), Opening::done);
    read();
    const auto asked = demand(ClientVerification::required);
    ASSERT_FALSE(asked);
    EXPECT_EQ(asked.error().code, EPROTO);
    EXPECT_EQ(stream->verification(), ClientVerification::none);
}

INSTANTIATE_TEST_SUITE_P(Versions, ClientCertificates,
                         ::testing::Values(TLS1_2_VERSION, TLS1_3_VERSION),
                         [](const auto& version) {
                             return version.param == TLS1_3_VERSION ? "Tls13" : "Tls12";
                         });

// With another name in a renegotiation, another host's authorities would speak for a client.
TEST_F(TlsStreams, StayWithTheHostOfTheirHandshake) {
    client_speaks_only(TLS1_2_VERSION);
    settings.authorities.file = files->path("authority.pem");
    TlsSettings for_other = settings;
    for_other.authorities.file = files->path("stranger.pem");
    other = context_of(for_other);
    use_client_certificate("stranger");
    client.say("a request");
    ASSERT_EQ(open(), Opening::done);
    read();
    SSL_set_tlsext_host_name(client.tls(), "other");
    EXPECT_FALSE(stream->verify_client(ClientVerification::required, 1, Deadline::after(patience)));
    EXPECT_EQ(&stream->context(), context.get());
    EXPECT_EQ(stream->requested_name(), "");
}

TEST_F(TlsStreams, AgreeOnAnotherCipherWhereTheirsIsNotPermittedAnyMore) {
    client_speaks_only(TLS1_2_VERSION);
    settings.ciphers = "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES256-GCM-SHA384";
    client.say("a request");
    ASSERT_EQ(open(), Opening::done);
    read();
    EXPECT_TRUE(stream->can_renegotiate());
    EXPECT_TRUE(stream->is_cipher_permitted());
    EXPECT_FALSE(*stream->permit_ciphers(settings.ciphers));
    EXPECT_TRUE(*stream->permit_ciphers("AES128+ECDHE"));
    EXPECT_FALSE(stream->is_cipher_permitted());
    ASSERT_TRUE(stream->verify_client(ClientVerification::none, 1, Deadline::after(patience)));
    EXPECT_TRUE(stream->is_cipher_permitted());
    EXPECT_FALSE(stream->permit_ciphers("NO-SUCH-CIPHER"));
}

TEST_F(TlsStreams, CannotAskAClientOf1_3ThatDidNotOfferIt) {
    settings.authorities.file = files->path("authority.pem");
    SSL_CTX_set_post_handshake_auth(client.context(), 0);
    client_speaks_only(TLS1_3_VERSION);
    ASSERT_EQ(open(), Opening::done);
    const auto asked =
        stream->verify_client(ClientVerification::required, 1, Deadline::after(patience));
    ASSERT_FALSE(asked);
    EXPECT_EQ(asked.error().code, EOPNOTSUPP);
}

TEST_F(TlsStreams, KeepTheirKeysToThemselves) {
    files->make("locked", {}, "sesame");
    settings.certificates = {certificate("locked")};
    int asked = 0;
    auto made = TlsContext::create(settings, [&](const std::string& file, const auto& opens) {
        EXPECT_EQ(file, files->path("locked.key"));
        for (const char* phrase : {"wrong", "sesame"}) {
            ++asked;
            if (opens(phrase)) return Status();
        }
        return Status(Error{"no"});
    });
    EXPECT_TRUE(made);
    EXPECT_EQ(asked, 2);
}

TEST_F(TlsStreams, HaveAChainFileThatHoldsNone) {
    settings.chain_file = files->path("host.key");
    EXPECT_EQ(open(), Opening::done);
}

TEST_F(TlsStreams, HaveNoContextWithoutTheListsToLookInto) {
    settings.host = "host:443";
    settings.revocation_check = RevocationCheck::leaf;
    settings.revocations_may_lack = true;
    const auto made = TlsContext::create(settings, no_pass_phrase);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().what,
              "AH01899: Host host:443: CRL checking has been enabled, but neither "
              "SSLCARevocationFile nor SSLCARevocationPath is configured");
    const auto for_requests = TlsContext::create_for_requests(settings);
    ASSERT_FALSE(for_requests);
    EXPECT_NE(for_requests.error().what.find("SSLProxyCARevocationPath"), std::string::npos);
}

TEST_F(TlsStreams, HaveNoContextWithAuthoritiesOfAnEmptyFolder) {
    const auto folder = files->path("empty");
    ASSERT_EQ(mkdir(folder.c_str(), 0700), 0);
    settings.authorities.folder = folder;
    const auto made = TlsContext::create(settings, no_pass_phrase);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().what.find("AH01896"), 0u);
    settings.authorities.file = files->path("authority.pem");
    EXPECT_TRUE(TlsContext::create(settings, no_pass_phrase));
}

TEST_F(TlsStreams, HaveAuthoritiesBesideLinksToNowhere) {
    const auto folder = files->path("linked");
    ASSERT_EQ(mkdir(folder.c_str(), 0700), 0);
    ASSERT_EQ(symlink("/nowhere", (folder + "/nowhere.pem").c_str()), 0);
    ASSERT_EQ(symlink(files->path("authority.pem").c_str(), (folder + "/a.pem").c_str()), 0);
    settings.authorities.folder = folder;
    EXPECT_TRUE(TlsContext::create(settings, no_pass_phrase));
}

TEST_F(TlsStreams, HaveNoContextWithoutTheRightKey) {
    settings.certificates = {{files->path("host.pem"), files->path("other.key")}};
    const auto mismatch = TlsContext::create(settings, no_pass_phrase);
    ASSERT_FALSE(mismatch);
    EXPECT_EQ(mismatch.error().what.find("AH02565"), 0u);
    settings.certificates = {{files->path("host.pem"), files->path("nothing.key")}};
    const auto missing = TlsContext::create(settings, no_pass_phrase);
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, ENOENT);
}

} // namespace
} // namespace preforkd::net
