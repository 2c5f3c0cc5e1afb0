#include "pipeline/server_names.h"

#include <fmt/format.h>
#include <map>

#include "base/text.h"
#include "net/client_names.h"
#include "pipeline/core_settings.h"
#include "pipeline/host_settings.h"

namespace preforkd {

namespace {

constexpr unsigned short http_port = 80;
constexpr unsigned short https_port = 443;

UseCanonicalName rule_for(const Request& request) {
    return request.of<CoreDirectorySettings>().use_canonical_name.value_or(UseCanonicalName::off);
}

// What counts for the port also where DNS tells the name.
bool takes_clients_word(const Request& request) {
    return rule_for(request) != UseCanonicalName::on;
}

// Asked once for each address of this host, and kept as long as the child lives; empty for none.
std::string_view name_in_dns(const net::Address& own) {
    static std::map<std::string, std::string, std::less<>> known;
    auto found = known.find(own.packed());
    if (found == known.end()) {
        const auto name = net::name_of(own);
        found = known.emplace(own.packed(), name ? lower(*name) : std::string()).first;
    }
    return found->second;
}

} // namespace

// ServerName may say that a proxy in front speaks TLS.
std::string_view scheme_of(const Request& request) {
    if (request.connection.tls) return "https";
    return request.server->scheme.empty() ? std::string_view("http") : request.server->scheme;
}

unsigned short usual_port(const Request& request) {
    return scheme_of(request) == "https" ? https_port : http_port;
}

std::string_view server_name_for(const Request& request) {
    if (rule_for(request) == UseCanonicalName::dns) {
        const auto name = name_in_dns(request.connection.local);
        return name.empty() ? std::string_view(request.server->name) : name;
    }
    if (takes_clients_word(request) && !request.host.empty()) return request.host;
    return request.server->name;
}

unsigned short server_port_for(const Request& request) {
    if (takes_clients_word(request) && request.host_port != 0) return request.host_port;
    const bool physical =
        request.of<CoreDirectorySettings>().use_canonical_physical_port.value_or(false);
    if (takes_clients_word(request) && physical) return request.connection.local.port();
    if (request.server->port != 0) return request.server->port;
    return physical ? request.connection.local.port() : usual_port(request);
}

std::string_view absolute_url(const Request& request, std::string_view path) {
    Arena& arena = request.arena;
    const auto name = server_name_for(request);
    const auto port = server_port_for(request);
    const auto scheme = scheme_of(request);
    if (port == usual_port(request)) return arena.join({scheme, "://", name, path});
    return arena.copy(fmt::format("{}://{}:{}{}", scheme, name, port, path));
}

std::string_view without_brackets(std::string_view host) {
    return host.starts_with('[') ? host.substr(1, host.size() - 2) : host;
}

std::string_view signature(const Request& request, std::string_view prefix) {
    const auto kind =
        request.of<CoreDirectorySettings>().server_signature.value_or(ServerSignature::off);
    if (kind == ServerSignature::off) return {};
    const auto& core = request.of<CoreServerSettings>();
    std::string name = escape_html(without_brackets(server_name_for(request)));
    const auto& admin = request.of<HostSettings>().admin;
    if (kind == ServerSignature::email)
        name = fmt::format("<a href=\"mailto:{}\">{}</a>",
                           escape_html(admin ? *admin : "[no address given]"), name);
    return request.arena.copy(fmt::format("{}<address>{} Server at {} Port {}</address>\n", prefix,
                                          core.server_field(), name, server_port_for(request)));
}

} // namespace preforkd
