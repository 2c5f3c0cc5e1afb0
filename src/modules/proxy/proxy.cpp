// proxy: requests that another server answers.
#include <array>
#include <fmt/format.h>

#include "base/text.h"
#include "modules/modules.h"
#include "modules/proxy/balancing.h"
#include "modules/proxy/canonical_url.h"
#include "modules/proxy/destination.h"
#include "modules/proxy/proxy_settings.h"
#include "modules/proxy/request_content.h"
#include "modules/proxy/route.h"
#include "modules/server/arguments.h"
#include "pipeline/core_settings.h"
#include "pipeline/proxied_name.h"
#include "pipeline/server_methods.h"

namespace preforkd {

namespace proxy {

namespace {

struct ServedScheme {
    Scheme scheme;
    std::string_view module; // that must be loaded
    SchemeHandler handler;
    bool is_enabled = false;
};

// Which modules are loaded is known once a child begins.
std::array served_schemes{
    ServedScheme{Scheme::http, "proxy_http_module", exchange_http},
    ServedScheme{Scheme::https, "proxy_http_module", exchange_http},
    ServedScheme{Scheme::ws, "proxy_http_module", exchange_http},
    ServedScheme{Scheme::wss, "proxy_http_module", exchange_http},
    ServedScheme{Scheme::fcgi, "proxy_fcgi_module", exchange_fcgi},
};

bool may_balance = false;

void note_schemes(const config::Configuration& configuration) {
    for (auto& served : served_schemes) served.is_enabled = configuration.has_module(served.module);
    may_balance = configuration.has_module("proxy_balancer_module");
}

Verdict fixups(Request& request) {
    if (!request.other_server.answers || !is_proxied(request.filename)) return ok;
    return complete_url(request);
}

// RFC 9110 §7.6.2. Declined where the request may go on.
Verdict obey_max_forwards(Request& request, Responder& responder) {
    const auto& most = request.of<ServerSettings>().max_forwards;
    const auto* said = request.head.fields.find("Max-Forwards");
    if (!said) {
        if (most && *most >= 0)
            request.head.fields.add("Max-Forwards", request.arena.copy(std::to_string(*most)));
        return declined;
    }
    const auto count = parse_decimal(trim(*said));
    if (!count) {
        request.log(
            "proxy", log::Level::info,
            request.arena.join({"AH10188: Max-Forwards value '", *said, "' could not be parsed"}));
        return refuse_with_reason(request, 400, "Max-Forwards request header could not be parsed");
    }
    if (*count == 0 && request.head.method == http::Method::trace)
        return answer_trace(request, responder);
    if (*count == 0 && request.head.method == http::Method::options)
        return answer_options(request, responder);
    if (*count == 0)
        return refuse_with_reason(request, 400, "Max-Forwards has reached zero - proxy loop?");
    request.head.fields.set("Max-Forwards", request.arena.copy(std::to_string(*count - 1)));
    return declined;
}

// What this server does not do it does not have done by another, either. Declined where it may.
Verdict obey_trace_enable(Request& request) {
    if (request.head.method != http::Method::trace ||
        request.of<CoreServerSettings>().trace_enable.value_or(true))
        return declined;
    request.log("proxy", log::Level::error, "AH01139: TRACE forbidden by server configuration");
    return refuse(405);
}

// A name of the proxy's own network needs no domain: the client is told the whole one (Apache:
// ProxyDomain). Declined where it was.
Verdict complete_host(Request& request, std::string_view url) {
    const auto& domain = request.of<ServerSettings>().domain;
    const auto method = request.head.method;
    const auto colon = url.find("://");
    if (!domain || !request.other_server.is_clients_choice || colon == url.npos ||
        (method != http::Method::get && method != http::Method::head))
        return declined;
    const auto end = std::min(url.find_first_of(":/?", colon + 3), url.size());
    const auto host = url.substr(colon + 3, end - colon - 3);
    if (host.find_first_of(".[") != host.npos || iequals(host, "localhost")) return declined;
    request.response.fields.set(http::FieldId::location,
                                request.arena.join({url.substr(0, end), *domain, url.substr(end)}));
    return refuse(301);
}

// Apache: ProxyBlock.
bool is_blocked(const Request& request, const std::string& host) {
    for (const auto& name : request.of<ServerSettings>().blocked) {
        if (name != "*" && lower(host).find(name) == host.npos) continue;
        request.log("proxy", log::Level::warn,
                    fmt::format("AH00916: connect to remote machine {} blocked: name {} matched",
                                host, name));
        return true;
    }
    return false;
}

Verdict pass_on(Request& request, Responder& responder, RequestContent& content,
                const Worker& worker, std::string_view url) {
    if (is_blocked(request, worker.url.host))
        return refuse_with_reason(request, 403, "Connect to remote machine blocked");
    const auto* remote = remote_for(request.of<ServerSettings>(), worker, url);
    const bool is_seen = remote && !is_tunnelled(worker, remote);
    const auto target = is_seen ? url : path_of(url);
    for (const auto& served : served_schemes)
        if (served.scheme == worker.url.scheme && served.is_enabled)
            return served.handler(request, responder, {worker, target, content, remote});
    return refuse_unserved(request, worker.url.scheme_name);
}

// Whom a request goes to that no directive has named: each time a new connection, in the manners
// of the one whose name it shares at another socket.
Verdict pass_to_stranger(Request& request, Responder& responder, RequestContent& content,
                         std::string_view url, Worker worker) {
    auto parts = parse_backend_url(url);
    if (!parts) return refuse(400);
    worker.disables_reuse = true;
    worker.url = std::move(*parts);
    worker.url.socket = request.other_server.socket;
    return pass_on(request, responder, content, worker, url);
}

Verdict answer(Request& request, Responder& responder) {
    const auto url = proxied_url(request.filename);
    if (const auto verdict = complete_host(request, url); !verdict.is_declined()) return verdict;
    RequestContent content(request);
    if (may_balance && identify_scheme(url.substr(0, url.find(':'))) == Scheme::balancer)
        return balance(request, responder, content, url, pass_on);
    const auto* route = request.other_server.route;
    const Worker* worker = route && !route->interpolates ? route->worker : nullptr;
    const auto socket = request.other_server.socket;
    if (!worker) worker = find_worker(request.of<ServerSettings>(), url);
    if (!worker || worker->url.varies)
        return pass_to_stranger(request, responder, content, url, {});
    if (!socket.empty() && worker->url.socket != socket)
        return pass_to_stranger(request, responder, content, url, *worker);
    return pass_on(request, responder, content, *worker, url);
}

Verdict handle(Request& request, Responder& responder) {
    if (!request.other_server.answers) {
        if (!is_proxied(request.handler_name)) return declined;
        request.filename = request.arena.join({request.handler_name, request.filename});
        request.other_server.answers = true;
        if (const auto verdict = complete_url(request); !verdict.is_ok()) return verdict;
    }
    if (!is_proxied(request.filename)) return declined;
    if (const auto verdict = obey_max_forwards(request, responder); !verdict.is_declined())
        return verdict;
    if (const auto verdict = obey_trace_enable(request); !verdict.is_declined()) return verdict;
    return answer(request, responder);
}

} // namespace

} // namespace proxy

Module proxy_module() {
    Module module{.name = "proxy"};
    for (auto&& rows : {proxy::route_directives(), proxy::worker_directives(),
                        proxy::remote_directives(), proxy::setting_directives()})
        module.directives.insert(module.directives.end(), rows.begin(), rows.end());
    module.settings.push_back(config::settings_type<proxy::ServerSettings>());
    module.settings.push_back(config::settings_type<proxy::Settings>());
    module.hooks.post_config = proxy::share_states;
    module.hooks.child_init = proxy::note_schemes;
    module.hooks.post_read_request = proxy::detect;
    module.hooks.translate_name = proxy::find_route;
    module.hooks.fixups = proxy::fixups;
    module.hooks.handler = proxy::handle;
    return module;
}

} // namespace preforkd
