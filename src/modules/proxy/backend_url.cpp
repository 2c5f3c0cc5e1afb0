#include "modules/proxy/backend_url.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "base/log.h"
#include "base/text.h"

namespace preforkd::proxy {

namespace {

constexpr auto npos = std::string_view::npos;

struct KnownScheme {
    std::string_view name;
    Scheme scheme;
    unsigned short port;
};

constexpr std::array known_schemes{
    KnownScheme{"http", Scheme::http, 80},   KnownScheme{"https", Scheme::https, 443},
    KnownScheme{"fcgi", Scheme::fcgi, 8000}, KnownScheme{"ws", Scheme::ws, 80},
    KnownScheme{"wss", Scheme::wss, 443},    KnownScheme{"balancer", Scheme::balancer, 0}};

// "host", "host:port", "[::1]:port" into its parts.
bool take_authority(std::string_view authority, BackendUrl& url) {
    if (const auto at = authority.rfind('@'); at != npos) authority.remove_prefix(at + 1);
    const auto bracket = authority.starts_with('[') ? authority.find(']') : npos;
    const auto colon = authority.find(':', bracket == npos ? 0 : bracket);
    const auto name = authority.substr(0, colon);
    url.host = lower(bracket == npos ? name : name.substr(1, name.size() - 2));
    url.port = usual_port(url.scheme);
    url.host_field = lower(name);
    url.varies = authority.find('$') != npos;
    if (url.varies || colon == npos || colon + 1 == authority.size()) return true;
    const auto port = parse_decimal(authority.substr(colon + 1));
    if (!port || *port > 65535) return false;
    url.port = static_cast<unsigned short>(*port);
    if (url.port != usual_port(url.scheme)) url.host_field += fmt::format(":{}", url.port);
    return true;
}

// "host:80x": nobody's name.
bool has_odd_port(std::string_view authority) {
    const auto port = authority.substr(authority.rfind(':') + 1);
    return !std::all_of(port.begin(), port.end(), is_digit);
}

} // namespace

Scheme identify_scheme(std::string_view name) {
    for (const auto& known : known_schemes)
        if (iequals(known.name, name)) return known.scheme;
    return Scheme::other;
}

unsigned short usual_port(Scheme scheme) {
    for (const auto& known : known_schemes)
        if (known.scheme == scheme) return known.port;
    return 0;
}

std::size_t path_begin(std::string_view url) {
    const auto colon = url.find("://");
    return colon == npos ? url.size() : std::min(url.find('/', colon + 3), url.size());
}

std::string_view without_socket(std::string_view url) {
    if (!istarts_with(url, "unix:")) return url;
    const auto bar = url.find('|');
    return bar == npos ? url : url.substr(bar + 1);
}

Result<BackendUrl> parse_backend_url(std::string_view url) {
    BackendUrl parts;
    const auto rest = without_socket(url);
    if (rest.size() < url.size()) parts.socket = url.substr(5, url.size() - rest.size() - 6);
    const auto colon = rest.find("://");
    if (colon == npos || colon == 0) return Error{fmt::format("URL must be absolute!: {}", url)};
    parts.scheme_name = lower(rest.substr(0, colon));
    parts.scheme = identify_scheme(parts.scheme_name);
    const auto behind = rest.substr(colon + 3);
    const auto end = std::min(behind.find_first_of("/?#"), behind.size());
    if (!take_authority(behind.substr(0, end), parts))
        return Error{fmt::format("Unable to parse URL: {}", url),
                     has_odd_port(behind.substr(0, end)) ? log::cause_no_such_host : 0};
    if (parts.host.empty() && parts.socket.empty())
        return Error{fmt::format("URL must be absolute!: {}", url)};
    parts.path = behind.substr(end);
    return parts;
}

} // namespace preforkd::proxy
