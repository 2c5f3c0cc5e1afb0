#include "modules/connection/ssl/client_access.h"

#include <cerrno>
#include <fmt/format.h>

#include "modules/connection/ssl/kept_content.h"
#include "modules/connection/ssl/ssl_settings.h"
#include "net/tls_context.h"
#include "net/tls_stream.h"
#include "pipeline/core_settings.h"

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

Verdict refuse_unverified(Request& request, const Error& error) {
    if (error.code == EOPNOTSUPP) {
        request.log("ssl", log::Level::error,
                    "AH10129: cannot perform post-handshake authentication");
        request.error_notes = "Reason: Cannot perform Post-Handshake Authentication.<br />";
    } else {
        request.log("ssl", log::Level::error,
                    request.arena.join({"AH02261: Re-negotiation handshake failed: ", error.what}));
        request.keep_alive = false;
    }
    return refuse(403);
}

Verdict check_certificate(Request& request, ClientVerification wanted) {
    const auto& tls = *request.connection.tls;
    if (wanted != ClientVerification::required) return declined;
    if (!tls.is_client_verified()) {
        request.log("ssl", log::Level::error,
                    "AH02262: Re-negotiation handshake failed: Client verification failed");
        return refuse(403);
    }
    if (!tls.has_client_certificate()) {
        request.log("ssl", log::Level::error,
                    "AH02263: Re-negotiation handshake failed: Client certificate missing");
        return refuse(403);
    }
    return declined;
}

// Content that is on its way comes before the certificate, so it is taken first.
Verdict ask_client(Request& request, const SslDirectorySettings& place) {
    auto& tls = *request.connection.tls;
    const auto wanted = place.verification.value_or(tls.verification());
    if (request.content) {
        const auto kept = keep_content(request, place.renegotiation_buffer.value_or(usual_buffer));
        if (kept.is_refusal()) return kept;
    }
    request.log("ssl", log::Level::info, "AH02221: Requesting connection re-negotiation");
    const auto asked =
        tls.verify_client(wanted, place.verification_depth.value_or(tls.verification_depth()),
                          Deadline::after(timeout_of(request)));
    if (!asked) return refuse_unverified(request, asked.error());
    return check_certificate(request, wanted);
}

Verdict check_requirements(Request& request, const SslDirectorySettings& place) {
    for (const auto& [text, expression] : place.requirements) {
        const auto answer = expression.holds(request);
        if (answer && *answer) continue;
        request.log("ssl", log::Level::info,
                    request.arena.join({"AH02266: Access to ", request.filename, " denied for ",
                                        request.client.ip,
                                        " (requirement expression not fulfilled)"}));
        request.log("ssl", log::Level::info,
                    request.arena.join({"AH02228: Failed expression: ", text}));
        request.log(
            "ssl", log::Level::error,
            request.arena.join({"AH02229: access to ", request.filename, " failed, reason: ",
                                answer ? "SSL requirement expression not fulfilled"
                                       : std::string_view(answer.error().what)}));
        request.set_note("ssl-access-forbidden", "1");
        return refuse(403);
    }
    return declined;
}

} // namespace

Verdict check_access(Request& request) {
    const auto& place = request.of<SslDirectorySettings>();
    if (place.requires_ssl && !request.connection.tls) {
        request.log("ssl", log::Level::error,
                    request.arena.join({"AH02219: access to ", request.filename,
                                        " failed, reason: SSL connection required"}));
        request.set_note("ssl-access-forbidden", "1");
        return refuse(403);
    }
    if (!request.connection.tls) return declined;
    if (asks_for_more(place, *request.connection.tls))
        if (auto verdict = ask_client(request, place); verdict.is_refusal()) return verdict;
    return check_requirements(request, place);
}

} // namespace preforkd::ssl
