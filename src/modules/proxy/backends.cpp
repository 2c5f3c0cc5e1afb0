#include "modules/proxy/backends.h"

#include <fmt/format.h>
#include <variant>

#include "base/text.h"
#include "modules/connection/ssl/ssl_settings.h"
#include "modules/proxy/destination.h"
#include "modules/proxy/proxy_settings.h"
#include "os/host_names.h"
#include "pipeline/core_settings.h"
#include "pipeline/server_log.h"

namespace preforkd::proxy {

namespace {

struct Known {
    const Worker* worker;
    std::vector<net::Address> addresses; // resolved once
    std::optional<net::BackendConnection> idle;
    SteadyClock::time_point idle_since;
};

// Of this child.
std::vector<Known>& all_known() {
    static std::vector<Known> known;
    return known;
}

Known& known_of(const Worker& worker) {
    for (auto& known : all_known())
        if (known.worker == &worker) return known;
    return all_known().emplace_back(Known{&worker, {}, {}, {}});
}

Result<std::vector<net::Address>> addresses_of(const BackendUrl& url) {
    if (const auto numeric = net::Address::parse(url.host, url.port))
        return std::vector<net::Address>{*numeric};
    const auto texts = resolve_host(url.host);
    if (!texts) return texts.error();
    std::vector<net::Address> addresses;
    for (const auto& text : *texts)
        if (const auto address = net::Address::parse(text, url.port)) addresses.push_back(*address);
    if (addresses.empty()) return Error{"Name or service not known"};
    return addresses;
}

net::BackendOptions options_for(const Request& request, const Worker& worker) {
    const auto& settings = request.of<ServerSettings>();
    net::BackendOptions options;
    options.patience = worker.connection_timeout.value_or(patience_of(request, worker));
    options.keep_alive = worker.keep_alive;
    options.receive_buffer =
        worker.receive_buffer ? worker.receive_buffer : settings.receive_buffer.value_or(0);
    options.source = settings.source ? &*settings.source : nullptr;
    return options;
}

std::string_view scheme_name(const Worker& worker) {
    return worker.url.scheme == Scheme::fcgi ? "FCGI" : std::string_view(worker.url.scheme_name);
}

// It is about the server, whoever asked.
void log_for_server(const Request& request, std::string_view module, std::string_view text,
                    int code = 0) {
    log_to(*request.server,
           {.module = module, .level = log::Level::error, .text = text, .code = code});
}

void log_out_of_service(const Request& request, const Worker& worker) {
    log_for_server(request, "proxy",
                   fmt::format("AH00959: ap_proxy_connect_backend disabling worker for ({}) for "
                               "{}s",
                               worker.url.authority(),
                               std::chrono::floor<std::chrono::seconds>(worker.retry).count()));
}

// The worker may be in another `place` than its own: behind another proxy.
std::variant<Connected, NotConnected> connect_to_any(const Request& request, const Worker& worker,
                                                     const BackendUrl& place,
                                                     const std::vector<net::Address>& addresses) {
    const auto options = options_for(request, worker);
    for (const auto& address : addresses) {
        auto connection = net::BackendConnection::open(address, options);
        if (connection) return Connected{std::move(*connection)};
        log_for_server(request, "proxy",
                       fmt::format("AH00957: {}: attempt to connect to {} ({}) failed",
                                   scheme_name(worker), address.text(), place.authority()),
                       connection.error().code);
    }
    return NotConnected{Obstacle::refused};
}

std::variant<Connected, NotConnected> connect_to_socket(const Request& request,
                                                        const Worker& worker) {
    auto connection =
        net::BackendConnection::open_unix(worker.url.socket, options_for(request, worker));
    if (connection) return Connected{std::move(*connection)};
    log_for_server(
        request, "proxy",
        fmt::format("AH02454: {}: attempt to connect to Unix domain socket {} ({}) failed",
                    scheme_name(worker), worker.url.socket, worker.url.authority()),
        connection.error().code);
    return NotConnected{Obstacle::refused};
}

// Who the other server is asked for, and has to prove to be: what the request's Host names where
// that is passed on.
std::string tls_name_of(const Request& request, const Worker& worker) {
    if (!speaks_tls(worker)) return {};
    const bool passes_host_on = request.of<Settings>().preserves_host.value_or(false);
    return passes_host_on && !request.host.empty() ? std::string(request.host) : worker.url.host;
}

// A kept connection that the other side has not ended meanwhile.
std::optional<net::BackendConnection> take_idle(Known& known, const std::string& tls_name) {
    auto idle = std::exchange(known.idle, std::nullopt);
    if (!idle || idle->secured_for() != tls_name) return std::nullopt;
    const auto& most = known.worker->time_to_live;
    if (most && SteadyClock::now() - known.idle_since > *most) return std::nullopt;
    // What came since would be taken for the answer to another client.
    if (!idle->is_quiet()) return std::nullopt;
    return idle;
}

bool is_same_place(const BackendUrl& one, const BackendUrl& other) {
    if (one.socket != other.socket) return false;
    return !one.socket.empty() || (one.host == other.host && one.port == other.port);
}

// A process of an application that speaks FastCGI serves one connection, and what this child keeps
// would keep its next request waiting.
void let_go_of_others(const Worker& worker) {
    if (worker.url.scheme != Scheme::fcgi) return;
    for (auto& known : all_known())
        if (known.worker != &worker && is_same_place(known.worker->url, worker.url))
            known.idle.reset();
}

// A new connection: to the worker, or to the proxy through which it is asked.
std::variant<Connected, NotConnected> open(const Request& request, const Worker& worker,
                                           const RemoteProxy* remote) {
    if (!worker.url.socket.empty()) return connect_to_socket(request, worker);
    const Worker& place = remote ? remote->worker : worker;
    // What a request alone has named is no server to remember.
    if (!remote && !worker.state) {
        const auto addresses = addresses_of(worker.url);
        if (!addresses) return NotConnected{Obstacle::unknown_host, addresses.error().code};
        return connect_to_any(request, worker, worker.url, *addresses);
    }
    auto& known = known_of(place);
    if (known.addresses.empty()) {
        auto addresses = addresses_of(place.url);
        if (!addresses) return NotConnected{Obstacle::unknown_host, addresses.error().code};
        known.addresses = std::move(*addresses);
    }
    return connect_to_any(request, worker, place.url, known.addresses);
}

// The same, through to the worker.
std::variant<Connected, NotConnected> reach(const Request& request, const Worker& worker,
                                            const RemoteProxy* remote) {
    auto made = open(request, worker, remote);
    auto* connected = std::get_if<Connected>(&made);
    if (!connected || !is_tunnelled(worker, remote)) return made;
    const auto opened =
        open_tunnel(connected->connection, worker, *remote,
                    request.of<CoreServerSettings>().server_field(), patience_of(request, worker));
    if (opened) return made;
    const auto& error = opened.error();
    if (!error.what.empty()) log_for_server(request, "proxy", error.what);
    log_for_server(request, "proxy",
                   fmt::format("AH00958: {0}: attempt to connect to {1} via http CONNECT through "
                               "{2} ({2}) failed",
                               scheme_name(worker), worker.url.authority(),
                               remote->worker.url.authority()),
                   error.code);
    return NotConnected{Obstacle::refused};
}

void log_tls_failure(const Request& request, const Worker& worker, const Error& error) {
    for (std::string_view rest = error.what; !rest.empty();)
        request.log("ssl", log::Level::error, take_line(rest));
    request.log("proxy", log::Level::error,
                fmt::format("AH01084: pass request body failed to {} ({})", worker.url.authority(),
                            worker.url.host),
                log::cause_unspecified);
}

// Encrypts the connection where it is to be.
std::variant<Connected, NotConnected> secured(const Request& request, const Worker& worker,
                                              Connected connected) {
    if (!speaks_tls(worker)) return connected;
    const auto& settings = request.of<ssl::SslServerSettings>().proxy;
    if (!settings.context) {
        log_for_server(request, "core",
                       fmt::format("[remote {}] AH01961:  failed to enable ssl support [Hint: if "
                                   "using mod_ssl, see SSLProxyEngine]",
                                   worker.url.authority()));
        log_for_server(request, "proxy",
                       fmt::format("AH00961: https: failed to enable ssl support for {} ({})",
                                   worker.url.authority(), worker.url.host));
        return NotConnected{Obstacle::tls_off};
    }
    const net::PeerChecks checks{
        .name = settings.checks_name.value_or(settings.checks_common_name.value_or(true)),
        .common_name = settings.checks_common_name.value_or(false),
        .expiry = settings.checks_expiry.value_or(true)};
    const auto done = connected.connection.secure(*settings.context, tls_name_of(request, worker),
                                                  checks, patience_of(request, worker));
    if (done) return connected;
    log_tls_failure(request, worker, done.error());
    return NotConnected{Obstacle::tls_failed};
}

} // namespace

std::variant<Connected, NotConnected> connect_to(const Request& request, const Worker& worker,
                                                 Reuse reuse, const RemoteProxy* remote) {
    if (!is_usable(worker)) {
        log_for_server(request, "proxy",
                       fmt::format("AH00940: {}: disabled connection for ({})",
                                   worker.url.scheme == Scheme::fcgi ? "FCGI" : "HTTP",
                                   worker.url.authority()));
        return NotConnected{Obstacle::out_of_service};
    }
    if (reuse != Reuse::never && worker.keeps_connections())
        if (auto idle =
                take_idle(known_of(keeper_of(worker, remote)), tls_name_of(request, worker)))
            return Connected{std::move(*idle), true};
    let_go_of_others(worker);
    auto made = reach(request, worker, remote);
    if (auto* connected = std::get_if<Connected>(&made)) {
        note_success(worker);
        return secured(request, worker, std::move(*connected));
    }
    if (std::get<NotConnected>(made).why == Obstacle::refused && note_failure(worker))
        log_out_of_service(request, worker);
    return made;
}

void keep(const Worker& keeper, net::BackendConnection connection) {
    auto& known = known_of(keeper);
    known.idle = std::move(connection);
    if (keeper.time_to_live) known.idle_since = SteadyClock::now();
}

} // namespace preforkd::proxy
