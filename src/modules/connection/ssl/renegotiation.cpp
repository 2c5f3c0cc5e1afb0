#include "modules/connection/ssl/renegotiation.h"

#include <cerrno>

#include "base/text.h"
#include "modules/connection/ssl/kept_content.h"
#include "net/tls_context.h"
#include "net/tls_facts.h"
#include "net/tls_stream.h"
#include "pipeline/core_settings.h"
#include "pipeline/server_log.h"

namespace preforkd::ssl {

namespace {

using net::ClientVerification;

constexpr std::size_t usual_buffer = 131072;

// In the order of how much they ask.
int demand_of(ClientVerification verification) {
    switch (verification) {
    case ClientVerification::none: return 0;
    case ClientVerification::optional:
    case ClientVerification::optional_no_ca: return 1;
    case ClientVerification::required: return 2;
    }
    return 2;
}

bool asks_for_more(const SslDirectorySettings& place, const net::TlsStream& tls) {
    const auto wanted = place.verification.value_or(tls.verification());
    if (demand_of(wanted) > demand_of(tls.verification())) return true;
    return demand_of(wanted) > 0 && place.verification_depth &&
           *place.verification_depth < tls.verification_depth();
}

Duration timeout_of(const Request& request) {
    return request.of<CoreServerSettings>().timeout.value_or(std::chrono::seconds(60));
}

void log_error(const Request& request, std::string_view text) {
    request.log("ssl", log::Level::error, text);
}

Verdict refuse_post_handshake_authentication(Request& request) {
    log_error(request, "AH10129: cannot perform post-handshake authentication");
    request.error_notes = "Reason: Cannot perform Post-Handshake Authentication.<br />";
    return refuse(403);
}

Verdict refuse_unverified(Request& request) {
    log_error(request, "AH02262: Re-negotiation handshake failed: Client verification failed");
    return refuse(403);
}

Verdict refuse_without_certificate(Request& request) {
    log_error(request, "AH02263: Re-negotiation handshake failed: Client certificate missing");
    return refuse(403);
}

// OpenSSL's own words belong to the server, as in Apache.
void log_library_errors(const Request& request, const Error& error) {
    if (error.code != EPROTO) return;
    for (const auto line : split(error.what, '\n'))
        log_to(*request.server, {.module = "ssl", .text = line});
}

// With TLS 1.3 it is known what was wrong with the client, up to 1.2 what OpenSSL says of it.
Verdict end_connection(Request& request, const Error& error) {
    const auto& tls = *request.connection.tls;
    request.keep_alive = false;
    if (const auto& fault = tls.certificate_fault(); !fault.empty())
        log_to(request.connection, {.module = "ssl", .text = fault});
    if (!tls.can_renegotiate())
        return tls.is_client_verified() ? refuse_without_certificate(request)
                                        : refuse_unverified(request);
    log_error(request, "AH02261: Re-negotiation handshake failed");
    log_library_errors(request, error);
    return refuse(403);
}

Verdict check_certificate(Request& request, ClientVerification wanted) {
    const auto& tls = *request.connection.tls;
    if (wanted != ClientVerification::required) return declined;
    if (!tls.is_client_verified()) return refuse_unverified(request);
    return tls.has_client_certificate() ? declined : refuse_without_certificate(request);
}

struct Demand {
    ClientVerification verification;
    int depth;
};

// Content that is on its way comes before the certificate, so it is taken first.
Verdict ask_client(Request& request, const SslDirectorySettings& place, const Demand& demand) {
    auto& tls = *request.connection.tls;
    const bool renegotiates = tls.can_renegotiate();
    if (request.content) {
        const auto kept = keep_content(request, place.renegotiation_buffer.value_or(usual_buffer));
        if (kept.is_refusal()) {
            log_error(request, renegotiates ? "AH02257: could not buffer message body to allow SSL "
                                              "renegotiation to proceed"
                                            : "AH10228: could not buffer message body to allow TLS "
                                              "Post-Handshake Authentication to proceed");
            return kept;
        }
    }
    if (renegotiates) {
        request.log("ssl", log::Level::info, "AH02221: Requesting connection re-negotiation");
        request.log("ssl", log::Level::info, "AH02226: Awaiting re-negotiation handshake");
    }
    const auto asked =
        tls.verify_client(demand.verification, demand.depth, Deadline::after(timeout_of(request)));
    if (!asked && asked.error().code == EOPNOTSUPP)
        return refuse_post_handshake_authentication(request);
    if (!asked) return end_connection(request, asked.error());
    return check_certificate(request, demand.verification);
}

// What is asked of the client at the next opportunity: less than before it never is.
Demand demand_at(const SslDirectorySettings& place, const net::TlsStream& tls) {
    if (!asks_for_more(place, tls)) return {tls.verification(), tls.verification_depth()};
    return {place.verification.value_or(tls.verification()),
            place.verification_depth.value_or(tls.verification_depth())};
}

Verdict refuse_ciphers(Request& request, const Error& error) {
    request.log("ssl", log::Level::warn,
                "AH02253: Unable to reconfigure (per-directory) permitted SSL ciphers");
    log_library_errors(request, error);
    return refuse(403);
}

Verdict refuse_cipher(Request& request) {
    const auto used = net::tls_cipher(*request.connection.tls, request.arena);
    log_error(request, request.arena.join({"AH02264: SSL cipher suite not renegotiated: access to ",
                                           request.filename, " denied using cipher ", used}));
    return refuse(403);
}

// Other ciphers are a reason to agree on one anew, unless OptRenegotiate is content with the one in
// use.
bool is_reason_to_ask(const SslDirectorySettings& place, const net::TlsStream& tls, bool others) {
    if (!tls.is_cipher_permitted()) return true;
    return others && (place.effective_options() & option_opt_renegotiate) == 0;
}

} // namespace

Verdict check_connection(Request& request, const SslDirectorySettings& place) {
    auto& tls = *request.connection.tls;
    bool asks = asks_for_more(place, tls);
    const bool limits_ciphers = place.ciphers && tls.can_renegotiate();
    if (limits_ciphers) {
        const auto others = tls.permit_ciphers(*place.ciphers);
        if (!others) return refuse_ciphers(request, others.error());
        asks = asks || is_reason_to_ask(place, tls, *others);
    }
    if (asks)
        if (auto verdict = ask_client(request, place, demand_at(place, tls)); verdict.is_refusal())
            return verdict;
    return limits_ciphers && !tls.is_cipher_permitted() ? refuse_cipher(request) : declined;
}

} // namespace preforkd::ssl
