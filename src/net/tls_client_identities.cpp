#include "net/tls_client_identities.h"

#include <algorithm>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "net/tls_error.h"

namespace preforkd::net {

namespace {

void free_infos(STACK_OF(X509_INFO) * infos) { sk_X509_INFO_pop_free(infos, X509_INFO_free); }

int know_no_phrase(char*, int, int, void*) { return -1; }

Result<std::unique_ptr<STACK_OF(X509_INFO), Freed<free_infos>>>
read_infos(const std::string& file) {
    auto pem = open_pem(file);
    if (!pem) return pem.error();
    std::unique_ptr<STACK_OF(X509_INFO), Freed<free_infos>> infos(
        PEM_X509_INFO_read_bio(pem->get(), nullptr, know_no_phrase, nullptr));
    ERR_clear_error(); // the end of the file is one
    return infos;
}

bool is_issued_by(X509* certificate, const X509_NAME* authority) {
    return X509_NAME_cmp(X509_get_issuer_name(certificate), authority) == 0;
}

} // namespace

Result<std::unique_ptr<TlsClientIdentities>>
TlsClientIdentities::read(const std::vector<std::string>& files, const std::string& chain_file) {
    auto made = std::make_unique<TlsClientIdentities>();
    for (const auto& file : files)
        if (auto added = made->add_file(file); !added) return added.error();
    if (!chain_file.empty() && !made->all_.empty())
        if (auto read = made->read_chain(chain_file); !read) return read.error();
    for (auto& identity : made->all_) made->find_chain(identity);
    return made;
}

Status TlsClientIdentities::add_file(const std::string& file) {
    auto infos = read_infos(file);
    if (!infos) return infos.error();
    for (int i = 0; i < sk_X509_INFO_num(infos->get()); ++i) {
        X509_INFO* info = sk_X509_INFO_value(infos->get(), i);
        if (!info->x_pkey) continue; // without a key a certificate proves nothing
        if (!info->x_pkey->dec_pkey)
            return Error{
                "AH02252: incomplete client cert configured for SSL proxy (missing or "
                "encrypted private key?): put it, not encrypted, beside its certificate into " +
                file};
        if (!info->x509 || X509_check_private_key(info->x509, info->x_pkey->dec_pkey) != 1)
            return tls_error("AH02326: proxy client cert and key do not match: " + file);
        X509_up_ref(info->x509);
        EVP_PKEY_up_ref(info->x_pkey->dec_pkey);
        all_.push_back({UniqueCertificate(info->x509), UniqueKey(info->x_pkey->dec_pkey), {}});
    }
    return {};
}

Status TlsClientIdentities::read_chain(const std::string& file) {
    auto pem = open_pem(file);
    if (!pem) return pem.error();
    while (UniqueCertificate next{PEM_read_bio_X509(pem->get(), nullptr, nullptr, nullptr)})
        others_.push_back(std::move(next));
    ERR_clear_error(); // the end of the file is one
    return {};
}

// From issuer to issuer; each certificate once, whoever has signed whom.
void TlsClientIdentities::find_chain(Identity& identity) const {
    X509* last = identity.certificate.get();
    while (true) {
        const auto issuer = std::find_if(others_.begin(), others_.end(), [&](const auto& other) {
            return X509_check_issued(other.get(), last) == X509_V_OK &&
                   std::count(identity.chain.begin(), identity.chain.end(), other.get()) == 0;
        });
        if (issuer == others_.end()) return;
        last = issuer->get();
        identity.chain.push_back(last);
    }
}

// The first one that comes, by whatever way, from an authority that the server names, in the order
// of its names; the first of all where it names none.
const TlsClientIdentities::Identity*
TlsClientIdentities::acceptable_to(const ssl_st* connection) const {
    const auto* names = SSL_get0_peer_CA_list(connection);
    const int count = names ? sk_X509_NAME_num(names) : 0;
    if (count == 0) return all_.empty() ? nullptr : &all_.front();
    for (int i = 0; i < count; ++i) {
        const auto* name = sk_X509_NAME_value(names, i);
        for (const auto& identity : all_) {
            const auto is_named = [&](X509* one) { return is_issued_by(one, name); };
            if (is_named(identity.certificate.get()) ||
                std::any_of(identity.chain.begin(), identity.chain.end(), is_named))
                return &identity;
        }
    }
    return nullptr;
}

// SSL_CTX_set_cert_cb(3). Where none fits, the server hears that there is none.
int TlsClientIdentities::choose(ssl_st* connection, void* identities) {
    const auto* chosen =
        static_cast<const TlsClientIdentities*>(identities)->acceptable_to(connection);
    if (!chosen) return 1;
    const bool taken = SSL_use_certificate(connection, chosen->certificate.get()) == 1 &&
                       SSL_use_PrivateKey(connection, chosen->key.get()) == 1;
    if (!taken) return 0;
    for (X509* issuer : chosen->chain)
        if (SSL_add1_chain_cert(connection, issuer) != 1) return 0;
    return 1;
}

void TlsClientIdentities::serve(ssl_ctx_st* context) { SSL_CTX_set_cert_cb(context, choose, this); }

} // namespace preforkd::net
