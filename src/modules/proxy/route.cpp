#include "modules/proxy/route.h"

#include <array>
#include <fmt/format.h>

#include "base/text.h"
#include "http/uri.h"
#include "modules/mapping/alias/alias_settings.h"
#include "modules/proxy/destination.h"
#include "modules/proxy/interpolation.h"
#include "modules/proxy/mapped_path.h"
#include "modules/proxy/proxy_settings.h"
#include "pipeline/core_settings.h"
#include "pipeline/proxied_name.h"
#include "pipeline/server_names.h"

namespace preforkd::proxy {

namespace {

// As the client sent it, with the query.
std::string_view raw_target(const Request& request) {
    if (!request.has_query) return request.raw_path;
    return request.arena.join({request.raw_path, "?", request.query});
}

// Where a request is led to. What is as it was sent has its query, and is not encoded again.
struct Found {
    std::string_view url;
    bool is_as_sent;
};

void say_unlike_what_was_sent(const Request& request) {
    request.log("proxy", log::Level::warn,
                "AH01136: Unescaped URL path matched ProxyPass; ignoring unsafe nocanon");
}

std::optional<Found> found_by_path(const Route& route, const Request& request,
                                   std::string_view target) {
    const auto covered = covered_length(request.uri, route.path);
    if (covered == 0) return std::nullopt;
    bool is_as_sent = route.keeps_encoding && !route.is_exception;
    if (is_as_sent && covered_length(request.raw_path, route.path) != covered) {
        say_unlike_what_was_sent(request);
        is_as_sent = false;
    }
    const auto path = is_as_sent ? raw_target(request) : request.uri;
    return Found{request.arena.join({target, path.substr(covered)}), is_as_sent};
}

std::optional<Found> found_by_pattern(const Route& route, const Request& request,
                                      std::string_view target) {
    std::array<std::string_view, 10> groups{}, sent_groups{};
    if (!route.regex->match(request.uri, groups)) return std::nullopt;
    bool is_as_sent = route.keeps_encoding && !route.is_exception;
    auto path = is_as_sent ? raw_target(request) : request.uri;
    if (is_as_sent && !route.regex->match(path, sent_groups)) {
        say_unlike_what_was_sent(request);
        is_as_sent = false;
        path = request.uri;
    }
    const auto url = substitute_groups(target, is_as_sent ? sent_groups : groups);
    if (url != target) return Found{request.arena.copy(url), is_as_sent};
    return Found{request.arena.join({target, path}), is_as_sent};
}

// For sections: "/.;x/" is "/./" to a servlet container, whatever is passed on.
std::string_view seen_by_servlet(std::string_view path, const Request& request) {
    const auto plain = without_parameters(path, request.arena);
    return http::normalize_path(plain, true, request.arena).value_or("/");
}

// Where a mapped route leads; what sections are compared with is then the path that was.
std::optional<Found> take_mapped(const Route& route, Request& request) {
    const auto merges = request.of<CoreServerSettings>().merge_slashes.value_or(true);
    const auto path = resolved_path(request.raw_path, route.mapping, merges, request.arena);
    if (!path) return std::nullopt;
    const bool is_servlet = route.mapping == PathMapping::servlet;
    const auto covered =
        is_servlet ? covered_by_servlet(*path, route.path) : covered_length(*path, route.path);
    if (covered == 0) return std::nullopt;
    if (!route.is_exception) request.uri = is_servlet ? seen_by_servlet(*path, request) : *path;
    const auto target = interpolated(request, route.target, route.interpolates);
    const auto url = request.arena.join(
        {target, path->substr(covered), request.has_query ? "?" : "", request.query});
    return Found{url, route.keeps_encoding};
}

// Where the route leads; nothing where it does not match.
std::optional<Found> follow(const Route& route, Request& request) {
    if (route.mapping != PathMapping::decoded) return take_mapped(route, request);
    const auto target = interpolated(request, route.target, route.interpolates);
    return route.regex ? found_by_pattern(route, request, target)
                       : found_by_path(route, request, target);
}

Verdict lead(Request& request, const Route& route, const Found& found) {
    request.filename = request.arena.join({proxied_prefix, found.url});
    request.other_server = {.answers = true,
                            .is_clients_choice = false,
                            .has_timed_out = false,
                            .keeps_url = found.is_as_sent,
                            .socket = {},
                            .route = &route};
    request.handler_name = "proxy-server";
    return ok;
}

bool names_own_host(const Request& request) {
    const auto port = request.connection.local.port();
    const bool is_own_port =
        request.host_port == port || (request.host_port == 0 && port == usual_port(request));
    return is_own_port &&
           (iequals(request.host, request.server->name) ||
            config::HostIndex::find_by_name(*request.connection.hosts, request.host, port));
}

bool names_another(const Request& request) {
    return request.of<ServerSettings>().is_forward.value_or(false) && !request.previous &&
           !request.head.target.starts_with('/') && request.raw_path != "*" &&
           !names_own_host(request);
}

void use_clients_choice(Request& request) {
    request.other_server = {.answers = true,
                            .is_clients_choice = true,
                            .has_timed_out = false,
                            .keeps_url = true,
                            .socket = {},
                            .route = nullptr};
}

void find_mapped_route(Request& request) {
    if (request.other_server.answers || !request.raw_path.starts_with('/')) return;
    for (const auto* route : request.of<ServerSettings>().routes) {
        if (route->mapping == PathMapping::decoded) continue;
        if (const auto found = take_mapped(*route, request)) {
            if (!route->is_exception) static_cast<void>(lead(request, *route, *found));
            return;
        }
    }
}

// SetEnvIf can make exceptions to ProxyPass.
bool is_kept_here(const Request& request) { return request.find_variable("no-proxy") != nullptr; }

} // namespace

Verdict detect(Request& request) {
    if (names_another(request)) use_clients_choice(request);
    else find_mapped_route(request);
    return request.other_server.answers ? ok : declined;
}

Verdict find_route(Request& request) {
    const auto& server = request.of<ServerSettings>();
    if (request.other_server.answers) {
        request.filename = request.arena.join({proxied_prefix, request.head.target});
        return ok;
    }
    const auto* own = request.of<Settings>().route; // of a section
    const bool has_any = own || !server.routes.empty();
    if (!has_any || !request.uri.starts_with('/') || is_kept_here(request)) return declined;
    if (own)
        if (const auto found = follow(*own, request))
            return own->is_exception ? declined : lead(request, *own, *found);
    for (const auto* route : server.routes)
        if (const auto found = follow(*route, request))
            return route->is_exception ? declined : lead(request, *route, *found);
    return declined;
}

bool has_routes(const Request& request) {
    const auto& server = request.of<ServerSettings>();
    return !server.routes.empty() || !server.location_routes.empty();
}

} // namespace preforkd::proxy
