#include "net/tls_stapling.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "net/tls_certificate_text.h"
#include "net/tls_error.h"
#include "net/tls_ocsp.h"
#include "net/tls_pem.h"
#include "net/tls_responder.h"
#include "os/clock.h"

namespace preforkd::net {

// A certificate that responses are shown for.
struct TlsStapling::Subject {
    UniqueCertificate certificate, issuer;
    std::string url;
    std::string key; // in the cache: the certificate's digest

    // Stands in the cache while a child asks.
    std::string key_of_question() const {
        std::string other = key;
        other.back() = static_cast<char>(other.back() ^ 1);
        return other;
    }
};

// A response in the cache.
struct TlsStapling::Record {
    std::int64_t ask_again = 0; // when
    std::int64_t expires = 0;
    Staple staple; // an empty response stands for none

    std::string packed() const;
    static std::optional<Record> unpack(std::string_view bytes);
};

namespace {

// After that nobody believes any more that the child that asks is still at it.
constexpr int grace_for_question = 2;

// The certificate's issuer, from what the host sends with it or trusts.
UniqueCertificate issuer_of(SSL_CTX* context, X509* certificate) {
    STACK_OF(X509) * chain[2] = {nullptr, nullptr};
    SSL_CTX_get0_chain_certs(context, &chain[0]);
    SSL_CTX_get_extra_chain_certs_only(context, &chain[1]);
    for (const auto* list : chain)
        for (int i = 0; list && i < sk_X509_num(list); ++i) {
            X509* candidate = sk_X509_value(list, i);
            if (X509_check_issued(candidate, certificate) != X509_V_OK) continue;
            X509_up_ref(candidate);
            return UniqueCertificate(candidate);
        }
    X509* found = nullptr;
    const std::unique_ptr<X509_STORE_CTX, Freed<X509_STORE_CTX_free>> search(X509_STORE_CTX_new());
    X509_STORE_CTX_init(search.get(), SSL_CTX_get_cert_store(context), nullptr, nullptr);
    X509_STORE_CTX_get1_issuer(&found, search.get(), certificate);
    return UniqueCertificate(found);
}

std::string responder_of(X509* certificate) {
    STACK_OF(OPENSSL_STRING)* urls = X509_get1_ocsp(certificate);
    std::string first = urls ? sk_OPENSSL_STRING_value(urls, 0) : "";
    X509_email_free(urls);
    return first;
}

std::string digest_of(const X509* certificate) {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    X509_digest(certificate, EVP_sha256(), digest, &size);
    return {reinterpret_cast<char*>(digest), size};
}

int show_response(SSL* connection, void* argument) {
    const auto& stapling = *static_cast<const TlsStapling*>(argument);
    const auto response =
        stapling.response_for(SSL_get_certificate(connection), seconds_since_1970());
    if (response.empty()) return SSL_TLSEXT_ERR_NOACK;
    void* copy = OPENSSL_memdup(response.data(), response.size());
    if (!copy) return SSL_TLSEXT_ERR_NOACK;
    SSL_set_tlsext_status_ocsp_resp(connection, copy, static_cast<long>(response.size()));
    return SSL_TLSEXT_ERR_OK;
}

} // namespace

TlsStapling::TlsStapling(StaplingRules rules, SharedCache& cache, std::string host, TlsLog log)
    : rules_(std::move(rules)), cache_(cache), host_(std::move(host)), log_(std::move(log)) {}

TlsStapling::~TlsStapling() = default;

void TlsStapling::staple_to(ssl_ctx_st* context) {
    std::size_t number = 0;
    for (long more = SSL_CTX_set_current_cert(context, SSL_CERT_SET_FIRST); more == 1;
         more = SSL_CTX_set_current_cert(context, SSL_CERT_SET_NEXT))
        add_subject(context, number++);
    static_cast<void>(take_tls_errors());
    SSL_CTX_set_tlsext_status_cb(context, show_response);
    SSL_CTX_set_tlsext_status_arg(context, this);
    log_(log::Level::debug, "AH01960: OCSP stapling initialized", 0);
}

void TlsStapling::add_subject(ssl_ctx_st* context, std::size_t number) {
    X509* certificate = SSL_CTX_get0_certificate(context);
    auto subject = std::make_unique<Subject>();
    subject->issuer = issuer_of(context, certificate);
    subject->url = rules_.force_url.empty() ? responder_of(certificate) : rules_.force_url;
    if (subject->issuer && !subject->url.empty()) {
        X509_up_ref(certificate);
        subject->certificate.reset(certificate);
        subject->key = digest_of(certificate);
        subjects_.push_back(std::move(subject));
        return;
    }
    const std::string_view why =
        !subject->issuer ? "AH02217: ssl_stapling_init_cert: can't retrieve issuer certificate!"
                         : "AH02218: ssl_stapling_init_cert: no OCSP URI in certificate and no "
                           "SSLStaplingForceURL set";
    log_(log::Level::error, fmt::format("{} [{}]", why, describe_certificate(certificate)), 0);
    log_(log::Level::error,
         fmt::format("AH02604: Unable to configure certificate {}:{} for stapling", host_, number),
         0);
}

std::string TlsStapling::response_for(const x509_st* certificate, std::int64_t now) const {
    const auto found = std::find_if(subjects_.begin(), subjects_.end(), [&](const auto& subject) {
        return subject->certificate.get() == certificate;
    });
    if (found == subjects_.end()) return {};
    const Subject& subject = **found;
    const auto bytes = cache_.find(subject.key, now);
    const auto known = bytes ? Record::unpack(*bytes) : std::nullopt;
    if (known && now < known->ask_again) return to_show(known);
    const bool asks = cache_.store_first(subject.key_of_question(), {},
                                         now + rules_.responder_timeout + grace_for_question, now);
    return to_show(asks ? renew(subject, known, now) : known);
}

TlsStapling::Record TlsStapling::renew(const Subject& subject, const std::optional<Record>& known,
                                       std::int64_t now) const {
    Record record = ask(subject, known, now);
    if (!cache_.store(subject.key, record.packed(), record.expires, now))
        log_(log::Level::error, "AH01945: stapling_renew_response: error caching response!", 0);
    cache_.remove(subject.key_of_question(), now);
    return record;
}

TlsStapling::Record TlsStapling::ask(const Subject& subject, const std::optional<Record>& known,
                                     std::int64_t now) const {
    log_(log::Level::debug, "AH01938: stapling_renew_response: querying responder", 0);
    const auto response =
        ask_responder(subject.url, ocsp_request(subject.certificate.get(), subject.issuer.get()),
                      Deadline::after(std::chrono::seconds(rules_.responder_timeout)), log_);
    if (!response) log_(log::Level::error, "AH01941: stapling_renew_response: responder error", 0);
    auto staple = response ? judge_response(*response, subject.certificate.get(),
                                            subject.issuer.get(), rules_, now, log_)
                           : std::nullopt;
    const bool all_is_well = staple && staple->kind == StapleKind::good;
    Record record;
    record.ask_again = now + (all_is_well ? rules_.standard_timeout : rules_.error_timeout);
    record.expires = all_is_well ? staple->valid_until : record.ask_again;
    const bool says_something = staple && staple->kind != StapleKind::error;
    if (!says_something && known && known->staple.kind == StapleKind::good) {
        // Better than what came instead, until it expires.
        record.expires = known->expires;
        record.staple = known->staple;
    } else if (staple) {
        record.staple = std::move(*staple);
    } else if (rules_.fake_try_later) {
        record.staple.response = try_later_response();
    }
    return record;
}

std::string TlsStapling::to_show(const std::optional<Record>& record) const {
    if (!record) return {};
    const bool is_error = record->staple.kind == StapleKind::error;
    return is_error && !rules_.return_responder_errors ? std::string() : record->staple.response;
}

std::string TlsStapling::Record::packed() const {
    std::string bytes(2 * sizeof(std::int64_t), '\0');
    std::memcpy(bytes.data(), &ask_again, sizeof ask_again);
    std::memcpy(bytes.data() + sizeof ask_again, &expires, sizeof expires);
    bytes += static_cast<char>(staple.kind);
    return bytes += staple.response;
}

std::optional<TlsStapling::Record> TlsStapling::Record::unpack(std::string_view bytes) {
    constexpr std::size_t head = 2 * sizeof(std::int64_t) + 1;
    if (bytes.size() < head) return {};
    Record record;
    std::memcpy(&record.ask_again, bytes.data(), sizeof record.ask_again);
    std::memcpy(&record.expires, bytes.data() + sizeof record.ask_again, sizeof record.expires);
    record.staple.kind = static_cast<StapleKind>(bytes[head - 1]);
    record.staple.response = bytes.substr(head);
    return record;
}

} // namespace preforkd::net
