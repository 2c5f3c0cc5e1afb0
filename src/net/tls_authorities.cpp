#include "net/tls_authorities.h"

#include <fmt/format.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include "net/tls_error.h"
#include "net/tls_stream.h"

namespace preforkd::net {

namespace {

const char* or_null(const std::string& text) { return text.empty() ? nullptr : text.c_str(); }

bool any_of(const AuthorityFiles& files) { return !files.file.empty() || !files.folder.empty(); }

std::string named(const AuthorityFiles& files) {
    return files.file.empty() ? files.folder : files.file;
}

Status trust(ssl_ctx_st* context, const AuthorityFiles& authorities) {
    if (!any_of(authorities)) return {};
    if (SSL_CTX_load_verify_locations(context, or_null(authorities.file),
                                      or_null(authorities.folder)) == 1)
        return {};
    return tls_error(fmt::format("AH01895: Unable to configure verify locations for client "
                                 "authentication from {}",
                                 named(authorities)));
}

// The client shows its user the certificates that come from one of these.
Status name_to_client(ssl_ctx_st* context, const AuthorityFiles& files) {
    if (!any_of(files)) return {};
    STACK_OF(X509_NAME)* names = sk_X509_NAME_new_null();
    const bool file_read =
        files.file.empty() || SSL_add_file_cert_subjects_to_stack(names, files.file.c_str()) == 1;
    const bool folder_read = files.folder.empty() ||
                             SSL_add_dir_cert_subjects_to_stack(names, files.folder.c_str()) == 1;
    SSL_CTX_set_client_CA_list(context, names); // takes them
    if (file_read && folder_read) return {};
    return tls_error(fmt::format("AH01896: Unable to determine list of acceptable CA certificates "
                                 "for client authentication from {}",
                                 named(files)));
}

Status look_up_revocations(ssl_ctx_st* context, const TlsSettings& settings) {
    if (settings.revocation_check == RevocationCheck::none) return {};
    X509_STORE* store = SSL_CTX_get_cert_store(context);
    const auto& files = settings.revocations;
    if (any_of(files) &&
        X509_STORE_load_locations(store, or_null(files.file), or_null(files.folder)) != 1)
        return tls_error(fmt::format("AH01901: Unable to configure X.509 CRL storage for "
                                     "certificate revocation from {}",
                                     named(files)));
    const unsigned long whole_chain =
        settings.revocation_check == RevocationCheck::chain ? X509_V_FLAG_CRL_CHECK_ALL : 0;
    X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK | whole_chain);
    return {};
}

} // namespace

int verification_mode(ClientVerification verification) {
    switch (verification) {
    case ClientVerification::none: return SSL_VERIFY_NONE;
    case ClientVerification::required: return SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
    case ClientVerification::optional:
    case ClientVerification::optional_no_ca: return SSL_VERIFY_PEER;
    }
    return SSL_VERIFY_NONE;
}

Status use_authorities(ssl_ctx_st* context, const TlsSettings& settings) {
    SSL_CTX_set_verify(context, verification_mode(settings.verification),
                       TlsStream::judge_certificate);
    if (auto trusted = trust(context, settings.authorities); !trusted) return trusted;
    const auto& told =
        any_of(settings.authority_names) ? settings.authority_names : settings.authorities;
    if (auto named = name_to_client(context, told); !named) return named;
    return look_up_revocations(context, settings);
}

} // namespace preforkd::net
