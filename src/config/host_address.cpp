#include "config/host_address.h"

#include <algorithm>
#include <arpa/inet.h>
#include <fmt/format.h>
#include <optional>

#include "base/text.h"
#include "os/host_names.h"

namespace preforkd::config {

namespace {

struct HostAndPort {
    std::string host;
    unsigned short port = 0;
};

const Error invalid{"The address or port is invalid"};

std::optional<std::string> pack(const std::string& numeric) {
    char bytes[16];
    if (inet_pton(AF_INET, numeric.c_str(), bytes) == 1) return std::string(bytes, 4);
    if (inet_pton(AF_INET6, numeric.c_str(), bytes) == 1) return std::string(bytes, 16);
    return {};
}

// Only digits behind the last colon are a port; a "*" there is any port.
Result<HostAndPort> split_port(std::string_view text) {
    if (text.ends_with(":*")) return HostAndPort{std::string(text.substr(0, text.size() - 2)), 0};
    const auto before_digits = text.find_last_not_of("0123456789");
    if (before_digits == std::string_view::npos) return Error{"Missing address for VirtualHost"};
    if (text[before_digits] != ':' || before_digits + 1 == text.size())
        return HostAndPort{std::string(text), 0};
    const auto port = parse_decimal(text.substr(before_digits + 1));
    if (!port || *port < 1 || *port > 65535 || before_digits == 0) return invalid;
    return HostAndPort{std::string(text.substr(0, before_digits)),
                       static_cast<unsigned short>(*port)};
}

// Without the brackets around an IPv6 address.
Result<std::string> bare_host(const std::string& host) {
    if (!host.starts_with('[')) return host;
    std::string bare = host.substr(1, host.size() - 2);
    const auto packed = pack(bare);
    if (!host.ends_with(']') || !packed || packed->size() != 16) return invalid;
    return bare;
}

HostAddress address_of(const std::string& text, std::string packed, unsigned short port) {
    const bool any = std::all_of(packed.begin(), packed.end(), [](char c) { return c == 0; });
    return {text, any, any ? std::string() : std::move(packed), port};
}

} // namespace

Result<std::vector<HostAddress>> parse_host_addresses(const std::string& text,
                                                      std::vector<Warning>& warnings) {
    auto parts = split_port(text);
    if (!parts) return parts.error();
    if (parts->host == "*" || iequals(parts->host, "_default_"))
        return std::vector{address_of(text, {}, parts->port)};
    auto host = bare_host(parts->host);
    if (!host) return host.error();
    if (auto packed = pack(*host))
        return std::vector{address_of(text, std::move(*packed), parts->port)};

    std::vector<HostAddress> addresses;
    const auto resolved = resolve_host(*host);
    if (resolved)
        for (const std::string& numeric : *resolved)
            if (auto packed = pack(numeric))
                addresses.push_back(address_of(text, std::move(*packed), parts->port));
    if (addresses.empty())
        warnings.push_back(
            {.text = fmt::format("{}AH00547: Could not resolve host name {} -- ignoring!",
                                 resolved ? "" : resolved.error().what + ": ", *host),
             .level = log::Level::error});
    return addresses;
}

std::string numeric_text(const HostAddress& address) {
    const std::string port = address.port == 0 ? "*" : std::to_string(address.port);
    if (address.any_address) return "*:" + port;
    char numeric[INET6_ADDRSTRLEN] = {};
    const bool ipv6 = address.address.size() == 16;
    inet_ntop(ipv6 ? AF_INET6 : AF_INET, address.address.data(), numeric, sizeof numeric);
    return ipv6 ? fmt::format("[{}]:{}", numeric, port) : fmt::format("{}:{}", numeric, port);
}

} // namespace preforkd::config
