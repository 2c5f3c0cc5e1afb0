#include "net/tls_stapling.h"

#include <atomic>
#include <ctime>
#include <gtest/gtest.h>
#include <mutex>
#include <netinet/in.h>
#include <openssl/ocsp.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

#include "support/tls_pair.h"

namespace preforkd::net {

namespace {

using testing::Context;
using testing::Identity;
using testing::meet;

std::string encoded(OCSP_RESPONSE* response) {
    unsigned char* bytes = nullptr;
    const int size = i2d_OCSP_RESPONSE(response, &bytes);
    std::string text(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(size));
    OPENSSL_free(bytes);
    OCSP_RESPONSE_free(response);
    return text;
}

int status_of(const std::string& bytes) {
    const auto* position = reinterpret_cast<const unsigned char*>(bytes.data());
    OCSP_RESPONSE* response =
        d2i_OCSP_RESPONSE(nullptr, &position, static_cast<long>(bytes.size()));
    const int status = response ? OCSP_response_status(response) : -1;
    OCSP_RESPONSE_free(response);
    return status;
}

// What a responder says.
struct Answer {
    int status = V_OCSP_CERTSTATUS_GOOD;
    const Identity* signer = nullptr; // else the authority itself
    const Identity* about = nullptr;  // else the certificate asked about
    bool with_signer = false;         // its certificate comes along
    long age = 0, validity = 3600;
};

// Answers each request on a port of its own with what is set, after it has counted it.
class Responder {
  public:
    Responder() {
        sockaddr_in any{};
        any.sin_family = AF_INET;
        any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
        ::bind(listener_, reinterpret_cast<sockaddr*>(&any), sizeof any);
        ::listen(listener_, 5);
        socklen_t size = sizeof any;
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&any), &size);
        port_ = ntohs(any.sin_port);
        thread_ = std::thread([this] { serve(); });
    }
    ~Responder() {
        ::shutdown(listener_, SHUT_RDWR);
        thread_.join();
        ::close(listener_);
    }
    std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/ocsp?x"; }
    void answer_with(const std::string& content, const std::string& head = "HTTP/1.0 200 OK") {
        const std::lock_guard guard(lock_);
        reply_ = head + "\r\nContent-Type: application/ocsp-response\r\nContent-Length: " +
                 std::to_string(content.size()) + "\r\n\r\n" + content;
    }
    void be_silent() {
        const std::lock_guard guard(lock_);
        reply_.clear();
    }
    int asked() const { return asked_; }
    std::string request() {
        const std::lock_guard guard(lock_);
        return request_;
    }

  private:
    // A request may come in several pieces.
    static void read_until_it_gives_up(int client) {
        char bytes[4096];
        while (::recv(client, bytes, sizeof bytes, 0) > 0) {
        }
    }
    void serve() {
        for (;;) {
            const int client = ::accept(listener_, nullptr, nullptr);
            if (client < 0) return;
            char bytes[4096];
            const auto count = ::recv(client, bytes, sizeof bytes, 0);
            ++asked_;
            const std::lock_guard guard(lock_);
            request_.assign(bytes, static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
            if (reply_.empty()) read_until_it_gives_up(client);
            else ::send(client, reply_.data(), reply_.size(), MSG_NOSIGNAL);
            ::close(client);
        }
    }

    int listener_ = -1;
    unsigned short port_ = 0;
    std::atomic<int> asked_ = 0;
    std::mutex lock_;
    std::string reply_, request_;
    std::thread thread_;
};

struct TlsStaplingTest : ::testing::Test {
    Identity authority{"authority"}, host{"localhost", 0x1234, &authority};
    SharedCache cache = std::move(*SharedCache::create(65536));
    Responder responder;
    StaplingRules rules;
    std::string said; // the log
    std::int64_t now = std::time(nullptr);
    Context context;
    std::unique_ptr<TlsStapling> stapling;

    TlsStaplingTest() { rules.force_url = responder.url(); }

    std::unique_ptr<TlsStapling> make() {
        return std::make_unique<TlsStapling>(rules, cache, "localhost:443",
                                             [this](log::Level level, std::string_view text, int) {
                                                 if (level <= log::Level::error)
                                                     said.append(text).append("\n");
                                             });
    }
    void prepare() {
        context = testing::server_context(host);
        SSL_CTX_add1_chain_cert(context.get(), authority.certificate.get());
        stapling = make();
        stapling->staple_to(context.get());
    }
    std::string shown() {
        if (!stapling) prepare();
        return stapling->response_for(SSL_CTX_get0_certificate(context.get()), now);
    }

    // Bytes of a response by the authority or by somebody else.
    std::string respond(const Answer& answer) {
        OCSP_BASICRESP* basic = OCSP_BASICRESP_new();
        const Identity& about = answer.about ? *answer.about : host;
        OCSP_CERTID* id =
            OCSP_cert_to_id(nullptr, about.certificate.get(), authority.certificate.get());
        ASN1_TIME* from = X509_gmtime_adj(nullptr, -answer.age);
        ASN1_TIME* until = X509_gmtime_adj(nullptr, answer.validity - answer.age);
        ASN1_TIME* revoked =
            answer.status == V_OCSP_CERTSTATUS_REVOKED ? X509_gmtime_adj(nullptr, -60) : nullptr;
        OCSP_basic_add1_status(basic, id, answer.status, OCSP_REVOKED_STATUS_KEYCOMPROMISE, revoked,
                               from, until);
        const Identity& signer = answer.signer ? *answer.signer : authority;
        OCSP_basic_sign(basic, signer.certificate.get(), signer.key.get(), EVP_sha256(), nullptr,
                        answer.with_signer ? 0 : OCSP_NOCERTS);
        ASN1_TIME_free(from);
        ASN1_TIME_free(until);
        ASN1_TIME_free(revoked);
        OCSP_CERTID_free(id);
        OCSP_RESPONSE* response = OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic);
        OCSP_BASICRESP_free(basic);
        return encoded(response);
    }
    std::string set_answer(const Answer& answer) {
        const auto bytes = respond(answer);
        responder.answer_with(bytes);
        return bytes;
    }
    bool logged(std::string_view text) const { return said.find(text) != said.npos; }
};

} // namespace

TEST_F(TlsStaplingTest, TheClientSeesWhatTheResponderSays) {
    const auto good = set_answer({});
    prepare();
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION})
        EXPECT_EQ(meet(context.get(), version).staple, good);
    EXPECT_EQ(responder.asked(), 1);
    EXPECT_EQ(said, "");
    const auto request = responder.request();
    EXPECT_TRUE(request.starts_with("POST /ocsp?x HTTP/1.0\r\n")) << request;
    EXPECT_NE(request.find("Host: 127.0.0.1:"), request.npos) << request;
}

TEST_F(TlsStaplingTest, TheResponderIsAskedAgainAfterATime) {
    const auto first = set_answer({});
    EXPECT_EQ(shown(), first);
    const auto second = set_answer({.age = 1});
    now += rules.standard_timeout - 1;
    EXPECT_EQ(shown(), first);
    now += 1;
    EXPECT_EQ(shown(), second);
    EXPECT_EQ(responder.asked(), 2);
}

TEST_F(TlsStaplingTest, AGoodResponseIsShownWhileItIsValidWhateverHappensToTheResponder) {
    const auto good = set_answer({.validity = 7200});
    ASSERT_EQ(shown(), good);
    responder.answer_with("", "HTTP/1.0 500 Oops");
    now += rules.standard_timeout;
    EXPECT_EQ(shown(), good);
    EXPECT_EQ(shown(), good);
    EXPECT_EQ(responder.asked(), 2); // and not more often than after an error
    EXPECT_TRUE(logged("AH01941: stapling_renew_response: responder error"));
    now += 7200;
    EXPECT_EQ(status_of(shown()), OCSP_RESPONSE_STATUS_TRYLATER);
}

TEST_F(TlsStaplingTest, ARevocationIsShownAtOnceAndNeverHidden) {
    rules.return_responder_errors = false;
    const auto good = set_answer({});
    ASSERT_EQ(shown(), good);
    const auto revoked = set_answer({.status = V_OCSP_CERTSTATUS_REVOKED});
    now += rules.standard_timeout;
    EXPECT_EQ(shown(), revoked);
    EXPECT_EQ(said, "AH02969: stapling_check_response: response has certificate status revoked "
                    "(reason: keyCompromise) for serial number 1234\n");
}

TEST_F(TlsStaplingTest, ACertificateThatTheResponderDoesNotKnowIsAnError) {
    const auto unknown = set_answer({.status = V_OCSP_CERTSTATUS_UNKNOWN});
    EXPECT_EQ(shown(), unknown);
    rules.return_responder_errors = false;
    stapling.reset();
    EXPECT_EQ(shown(), "");
    EXPECT_EQ(responder.asked(), 1);
    now += rules.error_timeout;
    EXPECT_EQ(shown(), "");
    EXPECT_EQ(responder.asked(), 2);
}

TEST_F(TlsStaplingTest, ARefusalOfTheResponderIsPassedOn) {
    responder.answer_with(
        encoded(OCSP_response_create(OCSP_RESPONSE_STATUS_INTERNALERROR, nullptr)));
    EXPECT_EQ(status_of(shown()), OCSP_RESPONSE_STATUS_INTERNALERROR);
    EXPECT_TRUE(logged("AH01944: stapling_renew_response: responder error internalerror"));
}

TEST_F(TlsStaplingTest, AResponseOutOfDateIsAnError) {
    const auto old = set_answer({.age = 7200, .validity = 3600});
    EXPECT_EQ(shown(), old);
    EXPECT_TRUE(logged("AH01936: stapling_check_response: response times invalid"));
    now += rules.error_timeout;
    rules.max_age = 60;
    rules.time_skew = 10;
    stapling.reset();
    said.clear();
    set_answer({.age = 1800, .validity = 3600});
    EXPECT_FALSE(shown().empty());
    EXPECT_TRUE(logged("AH01936"));
}

TEST_F(TlsStaplingTest, OnlyTheAuthorityAndWhomItNamesAreBelieved) {
    const Identity stranger("authority");
    set_answer({.signer = &stranger, .with_signer = true});
    EXPECT_EQ(status_of(shown()), OCSP_RESPONSE_STATUS_TRYLATER);
    EXPECT_TRUE(logged("AH01925: failed to verify the OCSP response"));

    // Any other certificate of the authority's will not do…
    Identity sibling("sibling", 7, &authority);
    set_answer({.signer = &sibling, .with_signer = true});
    now += rules.error_timeout;
    EXPECT_EQ(status_of(shown()), OCSP_RESPONSE_STATUS_TRYLATER);

    // …unless it says that it is for that.
    Identity delegate("delegate", 8, &authority);
    delegate.extend(NID_ext_key_usage, "OCSPSigning");
    delegate.sign(authority);
    const auto good = set_answer({.signer = &delegate, .with_signer = true});
    now += rules.error_timeout;
    EXPECT_EQ(shown(), good);
}

TEST_F(TlsStaplingTest, AResponseAboutAnotherCertificateIsNotShown) {
    const Identity other("other", 9, &authority);
    set_answer({.about = &other});
    EXPECT_EQ(status_of(shown()), OCSP_RESPONSE_STATUS_TRYLATER);
    EXPECT_TRUE(
        logged("AH01935: stapling_check_response: certificate ID not present in response!"));
}

TEST_F(TlsStaplingTest, GarbageIsNotShown) {
    responder.answer_with("0\x03xyz");
    EXPECT_EQ(status_of(shown()), OCSP_RESPONSE_STATUS_TRYLATER);
    EXPECT_TRUE(logged("AH01941") || logged("AH01988"));
}

TEST_F(TlsStaplingTest, WithoutFakeTryLaterNothingIsShownForAResponderThatFails) {
    rules.fake_try_later = false;
    responder.answer_with("", "HTTP/1.0 404 Not Found");
    EXPECT_EQ(shown(), "");
    EXPECT_EQ(shown(), "");
    EXPECT_EQ(responder.asked(), 1);
}

TEST_F(TlsStaplingTest, AResponderThatDoesNotAnswerCostsItsTimeoutOnce) {
    rules.responder_timeout = 1;
    responder.be_silent();
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_EQ(status_of(shown()), OCSP_RESPONSE_STATUS_TRYLATER);
    EXPECT_GT(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(500));
    EXPECT_EQ(status_of(shown()), OCSP_RESPONSE_STATUS_TRYLATER);
    EXPECT_EQ(responder.asked(), 1);
}

TEST_F(TlsStaplingTest, WhileOneChildAsksTheOthersGoOn) {
    rules.responder_timeout = 1;
    responder.be_silent();
    prepare();
    const auto* certificate = SSL_CTX_get0_certificate(context.get());
    std::thread first([&] { stapling->response_for(certificate, now); });
    while (responder.asked() == 0) std::this_thread::yield();
    const auto other = make();
    const auto other_context = testing::server_context(host);
    SSL_CTX_add1_chain_cert(other_context.get(), authority.certificate.get());
    other->staple_to(other_context.get());
    EXPECT_EQ(other->response_for(certificate, now), "");
    first.join();
    EXPECT_EQ(responder.asked(), 1);
}

TEST_F(TlsStaplingTest, UrlsThatLeadNowhereAreNamed) {
    for (const auto& [url, text] : {std::pair{"https://127.0.0.1:1/", "AH01940"},
                                    {"http://127.0.0.1:1/", "AH01974"},
                                    {"http://:x", "AH01939"}}) {
        rules.force_url = url;
        stapling.reset();
        EXPECT_EQ(status_of(shown()), OCSP_RESPONSE_STATUS_TRYLATER) << url;
        EXPECT_TRUE(logged(text)) << url << ": " << said;
        now += rules.error_timeout;
    }
}

TEST_F(TlsStaplingTest, TheCertificateNamesItsResponder) {
    rules.force_url.clear();
    host.extend(NID_info_access, "OCSP;URI:" + responder.url());
    host.sign(authority);
    const auto good = set_answer({});
    EXPECT_EQ(shown(), good);
}

TEST_F(TlsStaplingTest, CertificatesWithoutIssuerOrResponderAreNamedAtTheStart) {
    context = testing::server_context(host);
    stapling = make();
    stapling->staple_to(context.get());
    EXPECT_TRUE(
        logged("AH02217: ssl_stapling_init_cert: can't retrieve issuer certificate! "
               "[subject: CN=localhost / issuer: CN=authority / serial: 1234 / notbefore: "))
        << said;
    EXPECT_TRUE(logged("AH02604: Unable to configure certificate localhost:443:0 for stapling\n"));
    EXPECT_EQ(shown(), "");
    said.clear();
    rules.force_url.clear();
    prepare();
    EXPECT_TRUE(logged("AH02218: ssl_stapling_init_cert: no OCSP URI in certificate and no "
                       "SSLStaplingForceURL set [subject: "));
}

} // namespace preforkd::net
