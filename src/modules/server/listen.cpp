// Listen: where connections are accepted.
#include <algorithm>
#include <fmt/format.h>
#include <optional>

#include "base/text.h"
#include "config/configuration.h"
#include "config/process_settings.h"
#include "modules/server/pool_directives.h"
#include "net/address.h"
#include "os/host_names.h"

namespace preforkd {

namespace {

using config::ListenAddress;

struct HostAndPort {
    std::string host; // empty for any address
    unsigned short port = 0;
};

std::optional<unsigned short> parse_port(std::string_view digits) {
    const auto number = parse_decimal(digits);
    if (!number || *number < 1 || *number > 65535) return {};
    return static_cast<unsigned short>(*number);
}

// "[::1]", "[fe80::1%eth0]"
bool is_address_in_brackets(std::string_view text) {
    if (!text.starts_with('[') || !text.ends_with(']')) return false;
    const auto address = text.substr(1, text.size() - 2);
    return net::Address::parse(address.substr(0, address.find('%')), 0).has_value();
}

// "80", "host:80", "[::1]:80", "*:80"
Result<HostAndPort> parse_host_and_port(const std::string& text) {
    const auto digits = text.find_last_not_of("0123456789");
    const Error invalid{"Invalid address or port"};
    if (digits == std::string::npos) {
        const auto port = parse_port(text);
        if (!port) return invalid;
        return HostAndPort{{}, *port};
    }
    if (text[digits] != ':' || digits + 1 == text.size())
        return text.starts_with('[') && !is_address_in_brackets(text)
                   ? invalid
                   : Error{"Port must be specified"};
    const auto port = parse_port(text.substr(digits + 1));
    std::string host = text.substr(0, digits);
    if (!port || host.empty()) return invalid;
    if (host.starts_with('[')) {
        if (!is_address_in_brackets(host)) return invalid;
        host = host.substr(1, host.size() - 2);
    }
    if (host == "*") host.clear();
    return HostAndPort{std::move(host), *port};
}

Result<std::vector<std::string>> numeric_hosts(const std::string& host,
                                               config::Configuration& configuration) {
    if (host.empty() || net::Address::parse(host, 0)) return std::vector{host};
    auto addresses = resolve_host(host);
    if (addresses) return addresses;
    configuration.warnings.push_back(
        {.text = fmt::format("{}: AH00077: alloc_listener: failed to set up sockaddr for {}",
                             addresses.error().what, host),
         .level = log::Level::crit});
    return Error{"Listen setup failed"};
}

constexpr std::string_view options_prefix = "options=";

struct Option {
    std::string_view word;
    bool ListenAddress::*field;
};
// As Apache 2.5 has them.
constexpr Option known_options[] = {
    {"freebind", &ListenAddress::before_address_exists},
    {"reuseport", &ListenAddress::shares_port},
    {"v6only", &ListenAddress::ipv6_only},
    {"multipathtcp", &ListenAddress::multipath},
};

Status set_options(ListenAddress& address, std::string_view argument) {
    for (const auto word : split(argument.substr(options_prefix.size()), ',')) {
        const auto known = std::find_if(std::begin(known_options), std::end(known_options),
                                        [&](const Option& o) { return iequals(o.word, word); });
        if (known == std::end(known_options))
            return Error{"Unknown Listen option '" + std::string(word) +
                         "': freebind, reuseport, v6only and multipathtcp are known"};
        address.*known->field = true;
    }
    return {};
}

} // namespace

Status add_listener(config::Invocation& invocation, config::Arguments arguments) {
    ListenAddress with_options;
    if (!arguments.empty() && istarts_with(arguments.back(), options_prefix)) {
        if (auto set = set_options(with_options, arguments.back()); !set) return set;
        arguments = arguments.first(arguments.size() - 1);
    }
    if (arguments.empty() || arguments.size() > 2)
        return Error{"Listen requires 1 or 2 arguments."};
    const auto where = parse_host_and_port(arguments[0]);
    if (!where) return where.error();
    const auto hosts = numeric_hosts(where->host, invocation.configuration);
    if (!hosts) return hosts.error();

    std::string protocol = arguments.size() == 2 ? lower(arguments[1]) : std::string();
    if (arguments.size() == 1 && where->port == 443) protocol = "https";
    auto& listen = invocation.server.server_settings.edit<config::ProcessSettings>().listen;
    for (const std::string& host : *hosts) {
        ListenAddress address = with_options;
        address.host = host;
        address.port = where->port;
        address.protocol = protocol;
        address.place = invocation.node.place;
        if (std::find(listen.begin(), listen.end(), address) != listen.end())
            return Error{"Cannot define multiple Listeners on the same IP:port"};
        listen.push_back(std::move(address));
    }
    return {};
}

} // namespace preforkd
