// ProxyRemote, ProxyRemoteMatch and NoProxy.
#include <fmt/format.h>

#include "base/base64.h"
#include "base/text.h"
#include "modules/proxy/definitions.h"
#include "modules/proxy/proxy_settings.h"

namespace preforkd::proxy {

namespace {

using config::Arguments;
using config::Shape;

// "http://host:port"
Result<Worker> parse_proxy(const std::string& text, std::string_view directive) {
    auto made = make_worker(text);
    if (made && made->url.scheme != Scheme::other) return made;
    const auto authority = text.find("://");
    const bool has_port = authority != text.npos && text.find(':', authority + 3) != text.npos;
    return Error{fmt::format("{}: Bad syntax for a remote proxy server{}", directive,
                             has_port ? " (bad port number)" : "")};
}

Result<RemoteProxy> parse_remote(Arguments arguments, std::string_view directive) {
    auto worker = parse_proxy(arguments[1], directive);
    if (!worker) return worker.error();
    RemoteProxy remote;
    remote.worker = std::move(*worker);
    if (arguments.size() > 2) remote.credentials = "Basic " + base64(arguments[2]);
    return remote;
}

Status add_remote(ServerSettings& settings, Arguments arguments) {
    auto remote = parse_remote(arguments, "ProxyRemote");
    if (!remote) return remote.error();
    const auto& match = arguments[0]; // all, a scheme, or what URLs begin with
    const bool is_scheme = match.find(':') == match.npos;
    remote->prefix = match == "*" ? "" : is_scheme ? match + "://" : match;
    settings.remotes.add(std::move(*remote));
    return {};
}

Status add_remote_pattern(ServerSettings& settings, Arguments arguments) {
    auto remote = parse_remote(arguments, "ProxyRemoteMatch");
    if (!remote) return remote.error();
    auto regex = Regex::compile(arguments[0]);
    if (!regex) return Error{"Regular expression for ProxyRemoteMatch could not be compiled."};
    remote->regex = std::move(*regex);
    settings.remotes.add(std::move(*remote));
    return {};
}

// A dot at the end is the root's, and says nothing.
Status add_direct_host(ServerSettings& settings, Arguments arguments) {
    DirectHost direct;
    direct.range = net::AddressRange::parse(arguments[0]);
    if (!direct.range) direct.name = lower(arguments[0]);
    if (direct.name.ends_with('.')) direct.name.pop_back();
    settings.direct_hosts.push_back(std::move(direct));
    return {};
}

} // namespace

std::vector<config::Directive> remote_directives() {
    using namespace config;
    constexpr unsigned servers = server_config | virtual_host;
    return {
        {"ProxyRemote", Shape::two_or_three, servers, override_none, edits<add_remote>,
         "a scheme, partial URL or '*' and a proxy server"},
        {"ProxyRemoteMatch", Shape::two_or_three, servers, override_none, edits<add_remote_pattern>,
         "a regex pattern and a proxy server"},
        {"NoProxy", Shape::each, servers, override_none, edits<add_direct_host>,
         "A list of domains, hosts, or subnets to which the proxy will connect directly"},
    };
}

} // namespace preforkd::proxy
