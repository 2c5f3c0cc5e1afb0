// What a TLS context is made of: plain values, each as a directive of mod_ssl says it.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace preforkd::net {

// Versions of the protocol. Combine with |.
enum TlsVersion : unsigned {
    tls_1_0 = 1,
    tls_1_1 = 2,
    tls_1_2 = 4,
    tls_1_3 = 8,
    tls_all = 15,
};

// What a client is asked for (Apache: SSLVerifyClient).
enum class ClientVerification : unsigned char { none, optional, required, optional_no_ca };

// Whose certificates are looked up in revocation lists (Apache: SSLCARevocationCheck).
enum class RevocationCheck : unsigned char { none, leaf, chain };

// One certificate of a host and its key; a host may have one of each type (RSA, ECDSA…).
struct TlsCertificate {
    std::string certificate_file; // with what leads from it to an authority, if it is in there
    std::string key_file;         // the certificate's own file where none was named
    friend bool operator==(const TlsCertificate&, const TlsCertificate&) = default;
};

// Certificates of authorities: a file with many, a folder with hashed names, or both; empty for
// none.
struct AuthorityFiles {
    std::string file;
    std::string folder;
    friend bool operator==(const AuthorityFiles&, const AuthorityFiles&) = default;
};

struct TlsSettings {
    std::string host; // "name:port", for messages and to keep sessions of hosts apart
    unsigned versions = tls_all;
    std::string ciphers;     // up to TLS 1.2, in OpenSSL's words; empty: OpenSSL's own choice
    std::string ciphers_1_3; // empty: OpenSSL's own choice
    bool server_chooses_cipher = false;
    bool unsafe_renegotiation = false;
    bool session_tickets = true;
    int session_timeout = 300; // seconds

    std::vector<TlsCertificate> certificates;
    std::string chain_file; // leads from each certificate to an authority
    // For requests to other servers: files of certificates, each with its key, of which one is shown
    // where they ask for it.
    std::vector<std::string> identity_files;

    ClientVerification verification = ClientVerification::none;
    int verification_depth = 1;
    AuthorityFiles authorities;     // whom client certificates may come from
    AuthorityFiles authority_names; // whose names the client is told; empty: `authorities`
    AuthorityFiles revocations;     // certificate revocation lists
    RevocationCheck revocation_check = RevocationCheck::none;
    bool revocations_may_lack = false; // SSLCARevocationCheck … no_crl_for_cert_ok

    std::vector<std::pair<std::string, std::string>> commands; // SSL_CONF_cmd(3)
};

} // namespace preforkd::net
