#include "modules/connection/ssl/host_rules.h"

#include <array>

#include "modules/connection/ssl/ssl_settings.h"
#include "net/tls_context.h"
#include "net/tls_stream.h"

namespace preforkd::ssl {

namespace {

constexpr std::array<std::string_view, 4> policy_names{"strict", "secure", "authonly", "insecure"};

bool protect_alike(const net::TlsSettings& a, const net::TlsSettings& b) {
    return a.certificates == b.certificates && a.chain_file == b.chain_file &&
           a.versions == b.versions && a.ciphers == b.ciphers && a.ciphers_1_3 == b.ciphers_1_3;
}

bool verify_alike(const net::TlsSettings& a, const net::TlsSettings& b) {
    return a.verification == b.verification && a.verification_depth == b.verification_depth &&
           a.authorities == b.authorities && a.authority_names == b.authority_names &&
           a.revocations == b.revocations && a.revocation_check == b.revocation_check &&
           a.commands == b.commands;
}

bool may_share(const config::Server& opened_for, const config::Server& asked_for,
               SniPolicy policy) {
    if (&opened_for == &asked_for || policy == SniPolicy::insecure) return true;
    if (policy == SniPolicy::strict) return false;
    const auto& one = opened_for.of<SslServerSettings>().context;
    const auto& other = asked_for.of<SslServerSettings>().context;
    if (!one || !other) return false;
    if (!verify_alike(one->settings(), other->settings())) return false;
    return policy == SniPolicy::authonly || protect_alike(one->settings(), other->settings());
}

// The client needs another connection, so this one ends, as in Apache.
Verdict refuse_and_close(Request& request, int status) {
    request.ends_connection = true;
    return refuse(status);
}

Verdict refuse_misdirected(Request& request, SniPolicy policy) {
    const auto named = request.connection.tls->requested_name();
    request.log(
        "ssl", log::Level::error,
        request.arena.join(
            {"AH02032: Hostname ", named.empty() ? request.connection.tls_server->name : named,
             named.empty() ? " (default host as no SNI was provided)" : " provided via SNI",
             " and hostname ", request.host,
             " provided via HTTP have no compatible SSL setup for policy '",
             policy_names[static_cast<std::size_t>(policy)], "'"}));
    return refuse_and_close(request, 421);
}

Verdict refuse_nameless(Request& request) {
    request.log("ssl", log::Level::error,
                "AH02033: No hostname was provided via SNI for a name based virtual host");
    request.error_notes = "Reason: The client software did not provide a hostname using Server "
                          "Name Indication (SNI), which is required to access this server.<br />\n";
    return refuse_and_close(request, 403);
}

bool insists_on_name(const config::Server& server) {
    return server.of<SslServerSettings>().strict_sni.value_or(false);
}

} // namespace

Verdict check_host(Request& request) {
    const auto& connection = request.connection;
    // The page for a refused request is judged no more.
    if (!connection.tls || request.previous) return declined;
    const auto named = connection.tls->requested_name();
    if (!named.empty() && request.host.empty()) {
        request.log("ssl", log::Level::error,
                    request.arena.join({"AH02031: Hostname ", named,
                                        " provided via SNI, but no hostname provided in HTTP "
                                        "request"}));
        return refuse_and_close(request, 400);
    }
    const auto& opened_for = *connection.tls_server;
    const bool one_of_many = config::HostIndex::has_names(*connection.hosts);
    if (named.empty() && one_of_many &&
        (insists_on_name(opened_for) || insists_on_name(*request.server)))
        return refuse_nameless(request);
    const auto policy = connection.first_server->of<SslServerSettings>().sni_policy;
    return may_share(opened_for, *request.server, policy) ? declined
                                                          : refuse_misdirected(request, policy);
}

} // namespace preforkd::ssl
