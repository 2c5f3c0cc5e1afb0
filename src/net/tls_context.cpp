#include "net/tls_context.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>

#include "net/tls_authorities.h"
#include "net/tls_client_identities.h"
#include "net/tls_error.h"
#include "net/tls_identity.h"
#include "net/tls_stream.h"

namespace preforkd::net {

namespace {

struct Version {
    TlsVersion version;
    int number;
    std::uint64_t off;
};
constexpr std::array versions{
    Version{tls_1_0, TLS1_VERSION, SSL_OP_NO_TLSv1},
    Version{tls_1_1, TLS1_1_VERSION, SSL_OP_NO_TLSv1_1},
    Version{tls_1_2, TLS1_2_VERSION, SSL_OP_NO_TLSv1_2},
    Version{tls_1_3, TLS1_3_VERSION, SSL_OP_NO_TLSv1_3},
};

Status offer_versions(SSL_CTX* context, unsigned wanted) {
    const auto is_wanted = [&](const Version& one) { return (wanted & one.version) != 0; };
    const auto lowest = std::find_if(versions.begin(), versions.end(), is_wanted);
    const auto highest = std::find_if(versions.rbegin(), versions.rend(), is_wanted);
    if (lowest == versions.end())
        return Error{"AH02231: No SSL protocols available [hint: SSLProtocol]"};
    SSL_CTX_set_min_proto_version(context, lowest->number);
    SSL_CTX_set_max_proto_version(context, highest->number);
    for (const auto& one : versions)
        if (!is_wanted(one)) SSL_CTX_set_options(context, one.off);
    return {};
}

void set_options(SSL_CTX* context, const TlsSettings& settings) {
    // Who cuts a connection off is no error of ours; HTTP knows whether a message was whole.
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                     SSL_OP_IGNORE_UNEXPECTED_EOF |
                                     SSL_OP_NO_SESSION_RESUMPTION_ON_RENEGOTIATION);
    const auto set = [&](bool on, std::uint64_t option) {
        if (on) SSL_CTX_set_options(context, option);
        else SSL_CTX_clear_options(context, option);
    };
    set(settings.server_chooses_cipher, SSL_OP_CIPHER_SERVER_PREFERENCE);

    set(settings.unsafe_renegotiation, SSL_OP_ALLOW_UNSAFE_LEGACY_RENEGOTIATION);
    set(!settings.session_tickets, SSL_OP_NO_TICKET);
    SSL_CTX_set_mode(context, SSL_MODE_AUTO_RETRY);
    // One system call for a record and what follows it.
    SSL_CTX_set_read_ahead(context, 1);
}

Status offer_ciphers(SSL_CTX* context, const TlsSettings& settings) {
    if (!settings.ciphers.empty() &&
        SSL_CTX_set_cipher_list(context, settings.ciphers.c_str()) != 1)
        return tls_error("AH01898: Unable to configure permitted SSL ciphers");
    if (!settings.ciphers_1_3.empty() &&
        SSL_CTX_set_ciphersuites(context, settings.ciphers_1_3.c_str()) != 1)
        return tls_error("AH10127: Unable to configure permitted TLSv1.3 ciphers");
    return {};
}

// Sessions of one host are not good for another. The same words as Apache's, or it would not take
// our tickets; but what clients proved is asked for again after a restart, which may have brought
// new authorities or revocations.
std::string session_scope(const TlsSettings& settings) {
    std::string scope = settings.host;
    if (!settings.authorities.file.empty() || !settings.authorities.folder.empty()) {
        std::array<unsigned char, 16> unique;
        RAND_bytes(unique.data(), static_cast<int>(unique.size()));
        scope.append(unique.begin(), unique.end());
    }
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
    unsigned length = 0;
    EVP_Digest(scope.data(), scope.size(), digest.data(), &length, EVP_md5(), nullptr);
    return fmt::format("{:02x}", fmt::join(digest.begin(), digest.begin() + length, ""));
}

Status keep_sessions(SSL_CTX* context, const TlsSettings& settings) {
    SSL_CTX_set_timeout(context, settings.session_timeout);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    const auto scope = session_scope(settings);
    if (!scope.empty() && SSL_CTX_set_session_id_context(
                              context, reinterpret_cast<const unsigned char*>(scope.data()),
                              static_cast<unsigned>(scope.size())) == 1)
        return {};
    return tls_error(
        fmt::format("AH01963: Unable to set session id context to '{}'", settings.host));
}

Status obey_commands(SSL_CTX* context, const TlsSettings& settings) {
    if (settings.commands.empty()) return {};
    const std::unique_ptr<SSL_CONF_CTX, decltype(&SSL_CONF_CTX_free)> commands(SSL_CONF_CTX_new(),
                                                                               SSL_CONF_CTX_free);
    SSL_CONF_CTX_set_ssl_ctx(commands.get(), context);
    SSL_CONF_CTX_set_flags(commands.get(),
                           SSL_CONF_FLAG_FILE | SSL_CONF_FLAG_SERVER | SSL_CONF_FLAG_CERTIFICATE);
    for (const auto& [name, value] : settings.commands)
        if (SSL_CONF_cmd(commands.get(), name.c_str(), value.c_str()) <= 0)
            return tls_error(fmt::format("AH02407: \"SSLOpenSSLConfCmd {} {}\" failed for {}", name,
                                         value, settings.host));
    if (SSL_CONF_CTX_finish(commands.get()) != 1)
        return tls_error(
            fmt::format("AH02547: SSL_CONF_CTX_finish() failed for {}", settings.host));
    return {};
}

} // namespace

Result<std::unique_ptr<TlsContext>> TlsContext::create(const TlsSettings& settings,
                                                       const UnlockKey& unlock) {
    SSL_CTX* native = SSL_CTX_new(TLS_server_method());
    if (!native) return tls_error("SSL_CTX_new failed");
    std::unique_ptr<TlsContext> made(new TlsContext(native, settings));
    set_options(native, settings);
    if (auto done = offer_versions(native, settings.versions); !done) return done.error();
    if (auto done = offer_ciphers(native, settings); !done) return done.error();
    if (auto done = keep_sessions(native, settings); !done) return done.error();
    SSL_CTX_set_verify(native, verification_mode(settings.verification),
                       TlsStream::judge_certificate);
    if (auto done = use_authorities(native, settings, "SSL"); !done) return done.error();
    if (auto done = use_certificates(native, settings, unlock); !done) return done.error();
    if (auto done = obey_commands(native, settings); !done) return done.error();
    TlsStream::prepare(native);
    return made;
}

Result<std::unique_ptr<TlsContext>> TlsContext::create_for_requests(const TlsSettings& settings) {
    SSL_CTX* native = SSL_CTX_new(TLS_client_method());
    if (!native) return tls_error("SSL_CTX_new failed");
    std::unique_ptr<TlsContext> made(new TlsContext(native, settings));
    set_options(native, settings);
    SSL_CTX_clear_mode(native, SSL_MODE_AUTO_RETRY);
    SSL_CTX_set_mode(native, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_OFF);
    if (auto done = offer_versions(native, settings.versions); !done) return done.error();
    if (auto done = offer_ciphers(native, settings); !done) return done.error();
    if (auto done = use_authorities(native, settings, "SSLProxy"); !done) return done.error();
    judge_servers(native, made->settings_);
    auto identities = TlsClientIdentities::read(settings.identity_files, settings.chain_file);
    if (!identities) return identities.error();
    made->identities_ = std::move(*identities);
    made->identities_->serve(native);
    return made;
}

bool TlsContext::has_identities() const { return identities_ && !identities_->are_none(); }

TlsContext::TlsContext(ssl_ctx_st* context, const TlsSettings& settings)
    : context_(context), settings_(settings) {}

TlsContext::~TlsContext() { SSL_CTX_free(context_); }

} // namespace preforkd::net
