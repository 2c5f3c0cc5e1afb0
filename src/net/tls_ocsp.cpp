#include "net/tls_ocsp.h"

#include <algorithm>
#include <fmt/format.h>
#include <openssl/ocsp.h>
#include <openssl/x509v3.h>

#include "net/tls_certificate_text.h"
#include "net/tls_error.h"
#include "net/tls_pem.h"

namespace preforkd::net {

namespace {

using UniqueId = std::unique_ptr<OCSP_CERTID, Freed<OCSP_CERTID_free>>;
using UniqueRequest = std::unique_ptr<OCSP_REQUEST, Freed<OCSP_REQUEST_free>>;
using UniqueResponse = std::unique_ptr<OCSP_RESPONSE, Freed<OCSP_RESPONSE_free>>;
using UniqueBasic = std::unique_ptr<OCSP_BASICRESP, Freed<OCSP_BASICRESP_free>>;
using UniqueStore = std::unique_ptr<X509_STORE, Freed<X509_STORE_free>>;

template <class Value>
std::string encoded(int (*encode)(const Value*, unsigned char**), const Value* value) {
    unsigned char* bytes = nullptr;
    const int size = encode(value, &bytes);
    if (size <= 0) return {};
    std::string text(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(size));
    OPENSSL_free(bytes);
    return text;
}

struct CertificateList {
    STACK_OF(X509) * list;
    ~CertificateList() { sk_X509_free(list); }
};

// By the certificate's own authority, or by somebody it has made responsible (RFC 6960 §4.2.2.2).
bool is_signed(OCSP_BASICRESP* basic, X509* issuer) {
    const UniqueStore trusted(X509_STORE_new());
    X509_STORE_add_cert(trusted.get(), issuer);
    X509_STORE_set_flags(trusted.get(), X509_V_FLAG_PARTIAL_CHAIN);
    const CertificateList authority{sk_X509_new_null()};
    sk_X509_push(authority.list, issuer);
    return OCSP_basic_verify(basic, authority.list, trusted.get(), OCSP_TRUSTOTHER) == 1;
}

// What a response says of one certificate. Times belong to the response.
struct CertificateStatus {
    int status = 0, reason = 0;
    ASN1_GENERALIZEDTIME *revoked = nullptr, *this_update = nullptr, *next_update = nullptr;
};

// Seconds from now; negative for the past.
std::int64_t seconds_until(const ASN1_GENERALIZEDTIME* time) {
    int days = 0, seconds = 0;
    ASN1_TIME_diff(&days, &seconds, nullptr, time);
    return std::int64_t{days} * 86400 + seconds;
}

std::int64_t end_of_validity(const CertificateStatus& said, const StaplingRules& rules,
                             std::int64_t now) {
    std::int64_t left = said.next_update ? seconds_until(said.next_update) + rules.time_skew
                                         : rules.standard_timeout;
    if (rules.max_age >= 0) left = std::min(left, seconds_until(said.this_update) + rules.max_age);
    return now + left;
}

Staple judge_status(const std::string& bytes, const CertificateStatus& said, X509* certificate,
                    const StaplingRules& rules, std::int64_t now, const TlsLog& log) {
    if (said.status != V_OCSP_CERTSTATUS_GOOD) {
        log(log::Level::error,
            fmt::format("AH02969: stapling_check_response: response has certificate status {} "
                        "(reason: {}) for serial number {}",
                        OCSP_cert_status_str(said.status),
                        said.reason >= 0 ? OCSP_crl_reason_str(said.reason) : "n/a",
                        serial_number(certificate)),
            0);
        return {said.status == V_OCSP_CERTSTATUS_REVOKED ? StapleKind::revoked : StapleKind::error,
                bytes};
    }
    if (OCSP_check_validity(said.this_update, said.next_update, rules.time_skew, rules.max_age) !=
        1) {
        static_cast<void>(take_tls_errors());
        log(log::Level::error, "AH01936: stapling_check_response: response times invalid", 0);
        return {StapleKind::error, bytes};
    }
    return {StapleKind::good, bytes, end_of_validity(said, rules, now)};
}

} // namespace

std::string ocsp_request(const X509* certificate, const X509* issuer) {
    const UniqueRequest request(OCSP_REQUEST_new());
    OCSP_request_add0_id(request.get(), OCSP_cert_to_id(nullptr, certificate, issuer));
    return encoded(i2d_OCSP_REQUEST, request.get());
}

std::string try_later_response() {
    const UniqueResponse response(OCSP_response_create(OCSP_RESPONSE_STATUS_TRYLATER, nullptr));
    return encoded(i2d_OCSP_RESPONSE, response.get());
}

std::optional<Staple> judge_response(const std::string& bytes, X509* certificate, X509* issuer,
                                     const StaplingRules& rules, std::int64_t now,
                                     const TlsLog& log) {
    const auto refuse = [&](std::string_view why) -> std::optional<Staple> {
        static_cast<void>(take_tls_errors());
        log(log::Level::error, why, 0);
        log(log::Level::error, "AH01943: stapling_renew_response: error in retrieved response!", 0);
        return {};
    };
    const auto* position = reinterpret_cast<const unsigned char*>(bytes.data());
    const UniqueResponse response(
        d2i_OCSP_RESPONSE(nullptr, &position, static_cast<long>(bytes.size())));
    if (!response) return refuse("AH01988: failed to decode OCSP response data");
    const int status = OCSP_response_status(response.get());
    if (status != OCSP_RESPONSE_STATUS_SUCCESSFUL) {
        log(log::Level::error,
            fmt::format("AH01944: stapling_renew_response: responder error {}",
                        OCSP_response_status_str(status)),
            0);
        return Staple{StapleKind::error, bytes};
    }
    log(log::Level::debug, "AH01942: stapling_renew_response: query response received", 0);
    const UniqueBasic basic(OCSP_response_get1_basic(response.get()));
    if (!basic) return refuse("AH01934: stapling_check_response: Error Parsing Response!");
    if (!is_signed(basic.get(), issuer))
        return refuse("AH01925: failed to verify the OCSP response");
    const UniqueId id(OCSP_cert_to_id(nullptr, certificate, issuer));
    CertificateStatus said;
    if (OCSP_resp_find_status(basic.get(), id.get(), &said.status, &said.reason, &said.revoked,
                              &said.this_update, &said.next_update) != 1)
        return refuse("AH01935: stapling_check_response: certificate ID not present in response!");
    return judge_status(bytes, said, certificate, rules, now, log);
}

} // namespace preforkd::net
