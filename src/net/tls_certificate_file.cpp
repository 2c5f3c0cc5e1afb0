#include "net/tls_certificate_file.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "net/tls_error.h"
#include "net/tls_host_check.h"
#include "net/tls_pem.h"

namespace preforkd::net {

namespace {

std::time_t time_of(const ASN1_TIME* time) {
    std::tm parts{};
    ASN1_TIME_to_tm(time, &parts);
    return ::timegm(&parts);
}

Result<UniqueCertificate> first_certificate(const std::string& file) {
    auto pem = open_pem(file);
    if (!pem) return pem.error();
    UniqueCertificate certificate(PEM_read_bio_X509(pem->get(), nullptr, nullptr, nullptr));
    if (!certificate) return tls_error(file + " holds no certificate");
    return certificate;
}

int no_pass_phrase(char*, int, int, void* asked) {
    *static_cast<bool*>(asked) = true;
    return -1;
}

} // namespace

Result<CertificateFile> read_certificate_file(const std::string& file, const std::string& host) {
    auto read = first_certificate(file);
    if (!read) return read.error();
    X509* certificate = read->get();
    const std::uint32_t flags = X509_get_extension_flags(certificate);
    return CertificateFile{
        .valid_from = time_of(X509_get0_notBefore(certificate)),
        .valid_until = time_of(X509_get0_notAfter(certificate)),
        .is_authority = (flags & EXFLAG_BCONS) != 0 && (flags & EXFLAG_CA) != 0,
        .names_host = is_for_host(certificate, host),
    };
}

bool key_belongs_to(const std::string& key_file, const std::string& certificate_file) {
    const auto certificate = first_certificate(certificate_file);
    const auto pem = open_pem(key_file);
    if (!certificate || !pem) return false;
    bool asked = false;
    const UniqueKey key(PEM_read_bio_PrivateKey(pem->get(), nullptr, no_pass_phrase, &asked));
    const bool belongs = key ? X509_check_private_key(certificate->get(), key.get()) == 1 : asked;
    ERR_clear_error();
    return belongs;
}

} // namespace preforkd::net
