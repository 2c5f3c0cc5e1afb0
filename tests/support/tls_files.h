// Certificates for tests, made on the spot: EC keys, so that it takes no time.
#pragma once

#include <filesystem>
#include <fstream>
#include <memory>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <string>
#include <unistd.h>

namespace preforkd::testing {

// A folder that goes with the test.
class TlsFiles {
  public:
    TlsFiles() {
        std::string pattern = std::filesystem::temp_directory_path() / "preforkd-tls-XXXXXX";
        folder_ = ::mkdtemp(pattern.data());
    }
    ~TlsFiles() { std::filesystem::remove_all(folder_); }
    TlsFiles(const TlsFiles&) = delete;
    TlsFiles& operator=(const TlsFiles&) = delete;

    std::string path(const std::string& name) const { return folder_ + "/" + name; }

    // Writes NAME.pem and NAME.key: signed by `authority`, which was made before, or by itself.
    // With a pass phrase the key is encrypted.
    void make(const std::string& name, const std::string& authority = {},
              const std::string& pass_phrase = {}) const {
        EVP_PKEY* key = EVP_EC_gen("P-256");
        X509* certificate = X509_new();
        X509_set_version(certificate, X509_VERSION_3);
        ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial_);
        X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
        X509_gmtime_adj(X509_getm_notAfter(certificate), 3600L * 24 * 365);
        X509_set_pubkey(certificate, key);
        X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8,
                                   reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
        sign(certificate, key, authority);
        write(path(name + ".pem"), [&](FILE* file) { PEM_write_X509(file, certificate); });
        write(path(name + ".key"), [&](FILE* file) {
            PEM_write_PrivateKey(file, key, pass_phrase.empty() ? nullptr : EVP_aes_128_cbc(),
                                 reinterpret_cast<const unsigned char*>(pass_phrase.data()),
                                 static_cast<int>(pass_phrase.size()), nullptr, nullptr);
        });
        X509_free(certificate);
        EVP_PKEY_free(key);
    }

  private:
    void sign(X509* certificate, EVP_PKEY* key, const std::string& authority) const {
        if (authority.empty()) {
            X509_EXTENSION* is_authority =
                X509V3_EXT_conf_nid(nullptr, nullptr, NID_basic_constraints, "critical,CA:TRUE");
            X509_add_ext(certificate, is_authority, -1);
            X509_EXTENSION_free(is_authority);
            X509_set_issuer_name(certificate, X509_get_subject_name(certificate));
            X509_sign(certificate, key, EVP_sha256());
            return;
        }
        FILE* file = std::fopen(path(authority + ".pem").c_str(), "r");
        X509* issuer = PEM_read_X509(file, nullptr, nullptr, nullptr);
        std::fclose(file);
        file = std::fopen(path(authority + ".key").c_str(), "r");
        EVP_PKEY* issuer_key = PEM_read_PrivateKey(file, nullptr, nullptr, nullptr);
        std::fclose(file);
        X509_set_issuer_name(certificate, X509_get_subject_name(issuer));
        X509_sign(certificate, issuer_key, EVP_sha256());
        X509_free(issuer);
        EVP_PKEY_free(issuer_key);
    }

    template <class Write>
    static void write(const std::string& path, Write write_to) {
        FILE* file = std::fopen(path.c_str(), "w");
        write_to(file);
        std::fclose(file);
    }

    std::string folder_;
    mutable long serial_ = 0;
};

} // namespace preforkd::testing
