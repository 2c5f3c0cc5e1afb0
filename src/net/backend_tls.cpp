#include "net/backend_tls.h"

#include <cerrno>
#include <fmt/format.h>
#include <openssl/ssl.h>

#include "base/text.h"
#include "net/tls_error.h"
#include "net/tls_host_check.h"

namespace preforkd::net {

namespace {

bool wants_more_time(const SSL* tls, int outcome) {
    const int error = SSL_get_error(tls, outcome);
    return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE;
}

bool is_good_today(const X509* certificate) {
    return X509_cmp_current_time(X509_get0_notBefore(certificate)) < 0 &&
           X509_cmp_current_time(X509_get0_notAfter(certificate)) > 0;
}

Status check_common_name(const X509* certificate, const std::string& host) {
    char name[256] = "";
    if (certificate)
        X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, name,
                                  sizeof name);
    if (iequals(name, host)) return {};
    return Error{fmt::format("AH02005: SSL Proxy: Peer certificate CN mismatch: Certificate CN: {} "
                             "Requested hostname: {}",
                             name, host),
                 EPROTO};
}

Status check_peer(const SSL* tls, const std::string& host, const PeerChecks& checks) {
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(SSL_get1_peer_certificate(tls),
                                                                  X509_free);
    if (checks.expiry && certificate && !is_good_today(certificate.get()))
        return Error{"AH02004: SSL Proxy: Peer certificate is expired", EPROTO};
    if (checks.name && (!certificate || !is_for_host(certificate.get(), host)))
        return Error{"AH02411: SSL Proxy: Peer certificate does not match for hostname " + host,
                     EPROTO};
    if (checks.common_name && !checks.name) return check_common_name(certificate.get(), host);
    return {};
}

} // namespace

void BackendTls::Free::operator()(ssl_st* tls) const { SSL_free(tls); }

Result<BackendTls> BackendTls::connect(int socket, const TlsContext& context,
                                       const std::string& host, const PeerChecks& checks,
                                       Deadline deadline) {
    BackendTls made(SSL_new(context.native()));
    SSL* tls = made.tls_.get();
    if (!tls || SSL_set_fd(tls, socket) != 1) return tls_error("SSL_new failed");
    // A numeric address is no server name (RFC 6066 §3).
    if (host.find_first_not_of("0123456789.:abcdef") != host.npos)
        SSL_set_tlsext_host_name(tls, host.c_str());
    int outcome = SSL_connect(tls);
    while (outcome != 1 && wants_more_time(tls, outcome) && !deadline.passed())
        outcome = SSL_connect(tls);
    if (outcome != 1) return made.explain(outcome, "AH02003: SSL Proxy connect failed");
    if (auto checked = check_peer(tls, host, checks); !checked) return checked.error();
    return made;
}

Error BackendTls::explain(int outcome, std::string_view what) const {
    auto error = tls_error(what);
    error.code = wants_more_time(tls_.get(), outcome) ? ETIMEDOUT : EPROTO;
    return error;
}

Result<std::size_t> BackendTls::receive(std::span<char> into) {
    std::size_t count = 0;
    const int outcome = SSL_read_ex(tls_.get(), into.data(), into.size(), &count);
    if (outcome == 1) return count;
    if (wants_more_time(tls_.get(), outcome)) return Error{{}, EAGAIN};
    if (SSL_get_error(tls_.get(), outcome) == SSL_ERROR_ZERO_RETURN) return std::size_t{0};
    return explain(outcome, "read from backend");
}

// Both parts in one record where they are short.
Result<std::size_t> BackendTls::send(std::string_view first, std::string_view second) {
    constexpr std::size_t record = 16 * 1024;
    std::string joined;
    if (!second.empty() && first.size() < record) {
        joined.reserve(record);
        joined.append(first).append(second.substr(0, record - first.size()));
        first = joined;
    }
    std::size_t count = 0;
    const int outcome = SSL_write_ex(tls_.get(), first.data(), first.size(), &count);
    if (outcome == 1) return count;
    if (wants_more_time(tls_.get(), outcome)) return std::size_t{0};
    return explain(outcome, "write to backend");
}

bool BackendTls::has_pending() const { return SSL_has_pending(tls_.get()) == 1; }

} // namespace preforkd::net
