// What the directives of mod_ssl say.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "config/settings.h"
#include "config/syntax_tree.h"
#include "net/tls_settings.h"
#include "pipeline/expression/expression.h"

namespace preforkd::net {
class TlsContext;
} // namespace preforkd::net

namespace preforkd::ssl {

enum class Engine : unsigned char { off, on };

// How far hosts that are asked for over one connection may differ (Apache: SSLVHostSNIPolicy).
enum class SniPolicy : unsigned char { strict, secure, authonly, insecure };

struct HostShare;

// SSLPassPhraseDialog
struct PassPhraseDialog {
    enum class Kind : unsigned char { builtin, pipe, exec };
    Kind kind = Kind::builtin;
    std::string program; // absolute, and after "|" with its arguments behind it
};

// SSLSessionCache, SSLStaplingCache
struct CacheChoice {
    enum class Kind : unsigned char { none, non_zero_id, shared_memory };
    Kind kind = Kind::none;
    std::size_t size = 524288; // bytes
};

// SSLStapling…
struct StaplingSettings {
    std::optional<bool> use;
    std::optional<int> time_skew;                // seconds; 300
    std::optional<int> responder_timeout;        // seconds; 10
    std::optional<int> max_age;                  // seconds; -1: as long as the response says
    std::optional<int> standard_cache_timeout;   // seconds; 3600
    std::optional<int> error_cache_timeout;      // seconds; 600
    std::optional<bool> return_responder_errors; // on
    std::optional<bool> fake_try_later;          // on
    std::optional<std::string> force_url;

    void inherit_from(const StaplingSettings& outer);
};

// SSLProxy…: TLS to other servers.
struct ProxySettings {
    void inherit_from(const ProxySettings& outer);

    std::optional<bool> engine;       // off
    std::optional<unsigned> versions; // net::TlsVersion; all
    std::optional<std::string> ciphers;
    std::optional<std::string> ciphers_1_3;
    std::optional<net::ClientVerification> verification; // none
    std::optional<int> verification_depth;               // 1
    std::optional<std::string> authority_file, authority_folder;
    std::optional<std::string> revocation_file, revocation_folder;
    std::optional<net::RevocationCheck> revocation_check;
    std::optional<bool> revocations_may_lack;
    // Certificates with their keys, of which one is shown to a server that asks.
    std::optional<std::string> certificate_file, certificate_folder;
    std::optional<std::string> certificate_chain_file;
    std::optional<bool> checks_expiry;                   // on
    std::optional<bool> checks_common_name, checks_name; // on

    // Made from all that before children are forked; nullptr where the engine is off.
    std::shared_ptr<const net::TlsContext> context;
};

// What stands outside sections, for one host. Where nothing was said, the value behind the
// semicolon counts.
struct SslServerSettings {
    static constexpr config::Scope scope = config::Scope::server;
    void inherit_from(const SslServerSettings& outer);

    std::optional<Engine> engine;     // off
    std::optional<unsigned> versions; // net::TlsVersion; all
    std::optional<std::string> ciphers;
    std::optional<std::string> ciphers_1_3;
    std::optional<bool> honor_cipher_order;
    std::optional<bool> insecure_renegotiation;
    std::optional<bool> session_tickets; // on
    std::optional<int> session_timeout;  // seconds; 300
    std::optional<std::string> ticket_key_file;
    std::optional<bool> strict_sni;

    // Not inherited by a host that names its own; each list by itself, so that hosts with
    // certificates of their own can share a key.
    std::vector<std::string> certificate_files;
    std::vector<std::string> key_files;
    std::optional<std::string> chain_file;

    std::optional<net::ClientVerification> verification; // none
    std::optional<int> verification_depth;               // 1
    std::optional<std::string> authority_file, authority_folder;
    std::optional<std::string> authority_name_file, authority_name_folder;
    std::optional<std::string> revocation_file, revocation_folder;
    std::optional<net::RevocationCheck> revocation_check;
    std::optional<bool> revocations_may_lack;

    // SSLOpenSSLConfCmd; the main server's come first, so that a host's can change them.
    std::vector<std::pair<std::string, std::string>> commands;
    StaplingSettings stapling;
    ProxySettings proxy;

    // The main server's alone.
    PassPhraseDialog pass_phrase_dialog;
    std::optional<CacheChoice> session_cache;
    std::optional<CacheChoice> stapling_cache;
    SniPolicy sni_policy = SniPolicy::secure;

    // Made from all that, before children are forked; nullptr where the engine is off. A host's
    // own, never inherited.
    std::shared_ptr<const HostShare> share; // of what all children know
    std::shared_ptr<const net::TlsContext> context;
};

// SSLOptions. Combine with |.
enum SslOption : unsigned {
    option_std_env_vars = 1,
    option_export_cert_data = 2,
    option_fake_basic_auth = 4,
    option_strict_require = 8,
    option_opt_renegotiate = 16,
    option_legacy_dn_string_format = 32,
};

// What may stand in sections.
struct SslDirectorySettings {
    static constexpr config::Scope scope = config::Scope::directory;
    void inherit_from(const SslDirectorySettings& outer);

    // "+X" and "-X" change what is inherited; without a sign they replace it.
    std::optional<unsigned> options; // where nothing is inherited any more
    unsigned options_added = 0, options_removed = 0;
    unsigned effective_options() const {
        return (options.value_or(0) | options_added) & ~options_removed;
    }

    bool requires_ssl = false; // SSLRequireSSL
    struct Requirement {
        std::string text; // as it was written
        Expression expression;
    };
    std::vector<Requirement> requirements; // SSLRequire, outer ones first
    std::optional<std::string> ciphers;    // up to TLS 1.2
    std::optional<net::ClientVerification> verification;
    std::optional<int> verification_depth;
    std::optional<std::string> user_variable;        // SSLUserName
    std::optional<std::size_t> renegotiation_buffer; // bytes; 131072
};

} // namespace preforkd::ssl
