#include "net/tls_certificate_text.h"

#include <fmt/format.h>
#include <openssl/x509.h>

#include "net/tls_pem.h"

namespace preforkd::net {

namespace {

// What `print` writes.
template <class Print>
std::string written(Print print) {
    const UniqueBio memory(BIO_new(BIO_s_mem()));
    print(memory.get());
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(memory.get(), &bytes);
    return {bytes, static_cast<std::size_t>(size)};
}

std::string name_text(const X509_NAME* name) {
    return written(
        [&](BIO* to) { X509_NAME_print_ex(to, name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB); });
}

std::string time_text(const ASN1_TIME* time) {
    return written([&](BIO* to) { ASN1_TIME_print(to, time); });
}

} // namespace

std::string serial_number(const X509* certificate) {
    return written([&](BIO* to) { i2a_ASN1_INTEGER(to, X509_get0_serialNumber(certificate)); });
}

std::string describe_certificate(const X509* certificate) {
    return fmt::format("subject: {} / issuer: {} / serial: {} / notbefore: {} / notafter: {}",
                       name_text(X509_get_subject_name(certificate)),
                       name_text(X509_get_issuer_name(certificate)), serial_number(certificate),
                       time_text(X509_get0_notBefore(certificate)),
                       time_text(X509_get0_notAfter(certificate)));
}

} // namespace preforkd::net
