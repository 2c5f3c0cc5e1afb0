#include "net/tls_identity.h"

#include <cstring>
#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include "net/tls_error.h"
#include "net/tls_pem.h"

namespace preforkd::net {

namespace {

// For OpenSSL, which asks when a key turns out to be encrypted: pem_password_cb(3).
struct Question {
    const std::string* phrase = nullptr; // none is known yet
    bool asked = false;
};

int answer_pass_phrase(char* into, int size, int, void* argument) {
    auto& question = *static_cast<Question*>(argument);
    question.asked = true;
    if (!question.phrase || question.phrase->size() > static_cast<std::size_t>(size)) return -1;
    std::memcpy(into, question.phrase->data(), question.phrase->size());
    return static_cast<int>(question.phrase->size());
}

UniqueKey parse_key(BIO* pem, Question& question) {
    BIO_seek(pem, 0);
    ERR_clear_error();
    return UniqueKey(PEM_read_bio_PrivateKey(pem, nullptr, answer_pass_phrase, &question));
}

Result<UniqueKey> read_key(const std::string& file, const UnlockKey& unlock) {
    auto pem = open_pem(file);
    if (!pem) return pem.error();
    Question question;
    UniqueKey key = parse_key(pem->get(), question);
    if (!key && question.asked) {
        auto unlocked = unlock(file, [&](const std::string& phrase) {
            question.phrase = &phrase;
            key = parse_key(pem->get(), question);
            return key != nullptr;
        });
        if (!unlocked) return unlocked.error();
    }
    if (key) return key;
    return tls_error(fmt::format("AH02564: Failed to configure private key, check {}", file));
}

Status use_certificate(ssl_ctx_st* context, const TlsCertificate& certificate,
                       const UnlockKey& unlock) {
    if (SSL_CTX_use_certificate_chain_file(context, certificate.certificate_file.c_str()) != 1)
        return tls_error(fmt::format("AH02561: Failed to configure certificate, check {}",
                                     certificate.certificate_file));
    auto key = read_key(certificate.key_file, unlock);
    if (!key) return key.error();
    if (SSL_CTX_use_PrivateKey(context, key->get()) != 1 || SSL_CTX_check_private_key(context) != 1)
        return tls_error(
            fmt::format("AH02565: Certificate and private key from {} and {} do not match",
                        certificate.certificate_file, certificate.key_file));
    return {};
}

// Own parameters for key exchange may stand behind a certificate; without them OpenSSL chooses by
// the strength of the key.
Status use_parameters(ssl_ctx_st* context, const std::string& file) {
    auto pem = open_pem(file);
    if (!pem) return pem.error();
    UniqueKey parameters(PEM_read_bio_Parameters(pem->get(), nullptr));
    ERR_clear_error();
    if (!parameters || EVP_PKEY_is_a(parameters.get(), "DH") == 0) return {};
    if (SSL_CTX_set0_tmp_dh_pkey(context, parameters.get()) != 1)
        return tls_error(
            fmt::format("AH02540: Custom DH parameters could not be loaded from {}", file));
    static_cast<void>(parameters.release());
    return {};
}

Status use_chain(ssl_ctx_st* context, const std::string& file) {
    auto pem = open_pem(file);
    if (!pem) return pem.error();
    const X509* own = SSL_CTX_get0_certificate(context);
    while (UniqueCertificate next{PEM_read_bio_X509(pem->get(), nullptr, nullptr, nullptr)}) {
        if (own && X509_cmp(own, next.get()) == 0) continue;
        if (SSL_CTX_add_extra_chain_cert(context, next.get()) != 1)
            return tls_error(
                fmt::format("AH01903: Failed to configure CA certificate chain from {}", file));
        static_cast<void>(next.release());
    }
    ERR_clear_error(); // the end of the file is one
    return {};
}

} // namespace

Status use_certificates(ssl_ctx_st* context, const TlsSettings& settings, const UnlockKey& unlock) {
    SSL_CTX_set_dh_auto(context, 1);
    for (const auto& certificate : settings.certificates) {
        if (auto used = use_certificate(context, certificate, unlock); !used) return used;
        if (auto used = use_parameters(context, certificate.certificate_file); !used) return used;
    }
    return settings.chain_file.empty() ? Status() : use_chain(context, settings.chain_file);
}

} // namespace preforkd::net
