// What a certificate says, as text in an arena (the values of mod_ssl's SSL_CLIENT_… and
// SSL_SERVER_…). What it does not say is "".
#pragma once

#include <memory_resource>
#include <string>
#include <string_view>
#include <vector>

#include "net/tls_name.h"

struct x509_st;

namespace preforkd::net {

// Names in the extension subjectAltName that variables know.
enum class AlternativeName : unsigned char { email, dns, ms_upn, dns_srv };

// Borrows the certificate, from a connection or a context.
class CertificateView {
  public:
    explicit CertificateView(const x509_st* certificate) : certificate_(certificate) {}
    explicit operator bool() const { return certificate_ != nullptr; }

    // Requires: there is a certificate.
    NameView subject() const;
    NameView issuer() const;
    std::string_view version(Arena& arena) const;             // "3"
    std::string_view serial(Arena& arena) const;              // "0A1B"
    std::string_view valid_from(Arena& arena) const;          // "Nov 26 07:02:36 2026 GMT"
    std::string_view valid_until(Arena& arena) const;         // likewise
    std::string_view days_left(Arena& arena) const;           // "0" once it is over
    std::string_view signature_algorithm(Arena& arena) const; // "ecdsa-with-SHA256"
    std::string_view key_algorithm(Arena& arena) const;       // "rsaEncryption"
    std::string_view pem(Arena& arena) const;                 // lines of base64
    // The serial number and the issuer, as RFC 4523 writes a CertificateExactAssertion.
    std::string_view exact_assertion(Arena& arena) const;

    // Each with its place among those of its kind.
    struct NamedAlternative {
        AlternativeName kind = AlternativeName::email;
        unsigned place = 0;
        std::string_view value;
    };
    std::pmr::vector<NamedAlternative> alternative_names(Arena& arena) const;
    std::string_view alternative_name(AlternativeName kind, unsigned place, Arena& arena) const;
    // The values of each extension with that identifier ("2.5.29.17").
    std::vector<std::string> extensions(std::string_view identifier) const;

  private:
    friend class CertificateKeeper;
    const x509_st* certificate_;
};

// Holds on to a certificate, so that no other can be taken for it.
class CertificateKeeper {
  public:
    CertificateKeeper() = default;
    ~CertificateKeeper();
    CertificateKeeper(const CertificateKeeper&) = delete;
    CertificateKeeper& operator=(const CertificateKeeper&) = delete;

    void keep(CertificateView certificate);
    bool keeps(CertificateView certificate) const { return certificate.certificate_ == kept_; }

  private:
    const x509_st* kept_ = nullptr;
};

} // namespace preforkd::net
