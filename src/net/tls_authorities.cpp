#include "net/tls_authorities.h"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include "net/tls_error.h"
#include "os/file.h"

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

// What cannot be read is no authority's certificate, as in Apache: a link to nowhere, say.
Status add_names_of_folder(STACK_OF(X509_NAME) * names, const std::string& folder) {
    const auto files = names_in_directory(folder);
    if (!files) return files.error();
    for (const auto& file : *files)
        static_cast<void>(
            SSL_add_file_cert_subjects_to_stack(names, (folder + "/" + file).c_str()));
    ERR_clear_error();
    return {};
}

// The client shows its user the certificates that come from one of these.
Status name_to_client(ssl_ctx_st* context, const AuthorityFiles& files) {
    if (!any_of(files)) return {};
    STACK_OF(X509_NAME)* names = sk_X509_NAME_new_null();
    const bool file_read =
        files.file.empty() || SSL_add_file_cert_subjects_to_stack(names, files.file.c_str()) == 1;
    const auto folder_read =
        files.folder.empty() ? Status() : add_names_of_folder(names, files.folder);
    SSL_CTX_set_client_CA_list(context, names); // takes them
    if (file_read && folder_read && sk_X509_NAME_num(names) > 0) return {};
    return tls_error(fmt::format("AH01896: Unable to determine list of acceptable CA certificates "
                                 "for client authentication from {}",
                                 named(files)));
}

Status look_up_revocations(ssl_ctx_st* context, const TlsSettings& settings,
                           std::string_view prefix) {
    if (settings.revocation_check == RevocationCheck::none) return {};
    X509_STORE* store = SSL_CTX_get_cert_store(context);
    const auto& files = settings.revocations;
    if (!any_of(files))
        return Error{fmt::format("AH01899: Host {}: CRL checking has been enabled, but neither "
                                 "{}CARevocationFile nor {}CARevocationPath is configured",
                                 settings.host, prefix, prefix)};
    if (X509_STORE_load_locations(store, or_null(files.file), or_null(files.folder)) != 1)
        return tls_error(fmt::format("AH01901: Unable to configure X.509 CRL storage for "
                                     "certificate revocation from {}",
                                     named(files)));
    const unsigned long whole_chain =
        settings.revocation_check == RevocationCheck::chain ? X509_V_FLAG_CRL_CHECK_ALL : 0;
    X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK | whole_chain);
    return {};
}

// Called for each certificate of a server's chain, from the authority's down.
int judge_server(int so_far, X509_STORE_CTX* judged) {
    const auto* tls = static_cast<const SSL*>(
        X509_STORE_CTX_get_ex_data(judged, SSL_get_ex_data_X509_STORE_CTX_idx()));
    const auto& settings =
        *static_cast<const TlsSettings*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(tls)));
    if (so_far != 1 && !is_forgiven(X509_STORE_CTX_get_error(judged), settings.verification,
                                    settings.revocations_may_lack))
        return 0;
    if (X509_STORE_CTX_get_error_depth(judged) <= settings.verification_depth) return 1;
    X509_STORE_CTX_set_error(judged, X509_V_ERR_CERT_CHAIN_TOO_LONG);
    return 0;
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

Status use_authorities(ssl_ctx_st* context, const TlsSettings& settings, std::string_view prefix) {
    if (auto trusted = trust(context, settings.authorities); !trusted) return trusted;
    const auto& told =
        any_of(settings.authority_names) ? settings.authority_names : settings.authorities;
    if (auto named = name_to_client(context, told); !named) return named;
    return look_up_revocations(context, settings, prefix);
}

bool is_forgiven(int error, ClientVerification verification, bool lists_may_lack) {
    if (error == X509_V_ERR_UNABLE_TO_GET_CRL) return lists_may_lack;
    if (verification != ClientVerification::optional_no_ca) return false;
    return error == X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT ||
           error == X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN ||
           error == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY ||
           error == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT || error == X509_V_ERR_CERT_UNTRUSTED ||
           error == X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE;
}

void judge_servers(ssl_ctx_st* context, const TlsSettings& settings) {
    SSL_CTX_set_app_data(context, const_cast<TlsSettings*>(&settings));
    SSL_CTX_set_verify(context, verification_mode(settings.verification), judge_server);
}

} // namespace preforkd::net
