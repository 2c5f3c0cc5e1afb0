#include "modules/connection/ssl/tls_connection.h"

#include <fmt/format.h>

#include "base/text.h"
#include "http/read_timer.h"
#include "modules/connection/ssl/host_name.h"
#include "modules/connection/ssl/ssl_settings.h"
#include "net/tls_stream.h"
#include "pipeline/core_settings.h"
#include "pipeline/server_log.h"

namespace preforkd::ssl {

namespace {

using net::TlsStream;
using Opening = TlsStream::Opening;

constexpr std::string_view plain_http_note = "Reason: You're speaking plain HTTP to an SSL-enabled "
                                             "server port.<br />\n Instead use the HTTPS "
                                             "scheme to access this URL, please.<br />\n";

// The handshake goes on for the host that the client names, if that speaks TLS.
const net::TlsContext* choose_host(ConnectionFacts& facts, std::string_view name) {
    const auto* server = config::HostIndex::find_by_name(*facts.hosts, name, facts.local.port());
    const auto* context = server ? server->of<SslServerSettings>().context.get() : nullptr;
    if (context) facts.tls_server = server;
    return context;
}

Opening shake_hands(TlsStream& tls, const config::Server& server) {
    http::ReadTimer timer(patience_of(server.of<RequestReadTimeoutSettings>().handshake, server),
                          SteadyClock::now());
    std::size_t told = 0;
    return tls.shake_hands([&](std::size_t received) {
        timer.received(received - told);
        told = received;
        return timer.deadline();
    });
}

void say(const ConnectionFacts& facts, log::Level level, std::string_view text) {
    log_to(facts, {.module = "ssl", .level = level, .text = text});
}

void say_failure(const ConnectionFacts& facts, const TlsStream& tls) {
    for (const auto line : split(tls.failure(), '\n'))
        if (!line.empty())
            log_to(*facts.first_server, {.module = "ssl", .level = log::Level::info, .text = line});
}

void tell(const ConnectionFacts& facts, const TlsStream& tls, Opening outcome) {
    const auto& server = *facts.first_server;
    if (!tls.certificate_fault().empty()) say(facts, log::Level::error, tls.certificate_fault());
    switch (outcome) {
    case Opening::done: return;
    case Opening::plain_http:
        say(facts, log::Level::info,
            "AH01996: SSL handshake failed: HTTP spoken on HTTPS port; trying to send HTML error "
            "page");
        return say_failure(facts, tls);
    case Opening::timed_out: return say(facts, log::Level::info, "SSL handshake timed out");
    case Opening::closed:
        return say(facts, log::Level::info,
                   "AH02007: SSL handshake stopped: connection was closed");
    case Opening::failed:
        say(facts, log::Level::info,
            fmt::format("AH02008: SSL library error 1 in handshake (server {})",
                        host_name(server)));
        say_failure(facts, tls);
        return say(facts, log::Level::info,
                   fmt::format("AH01998: Connection closed to child {} with abortive shutdown "
                               "(server {})",
                               facts.child_slot, host_name(server)));
    }
}

} // namespace

void begin_tls(ConnectionOpening& opening) {
    auto& facts = opening.facts;
    const auto& server = *facts.first_server;
    const auto* context = server.of<SslServerSettings>().context.get();
    if (!context) return;
    auto made =
        std::make_unique<TlsStream>(*opening.stream, *context, [&facts](std::string_view name) {
            return choose_host(facts, name);
        });
    auto& tls = *made;
    facts.tls_server = &server;
    opening.stream = &tls;
    opening.layers.push_back(std::move(made));
    if (wants_log(server, "ssl", log::Level::info))
        say(facts, log::Level::info,
            fmt::format("AH01964: Connection to child {} established (server {})", facts.child_slot,
                        host_name(server)));
    const auto outcome = shake_hands(tls, server);
    tell(facts, tls, outcome);
    if (outcome == Opening::done) facts.tls = &tls;
    else if (outcome == Opening::plain_http) opening.refusal = plain_http_note;
    else opening.is_over = true;
}

} // namespace preforkd::ssl
