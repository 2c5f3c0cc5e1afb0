#include "modules/connection/ssl/protocols.h"

#include <array>
#include <fmt/format.h>
#include <optional>

#include "base/text.h"
#include "net/tls_settings.h"

namespace preforkd::ssl {

namespace {

struct Protocol {
    std::string_view name;
    unsigned versions;
};

constexpr std::array protocols{
    Protocol{"TLSv1", net::tls_1_0},   Protocol{"TLSv1.1", net::tls_1_1},
    Protocol{"TLSv1.2", net::tls_1_2}, Protocol{"TLSv1.3", net::tls_1_3},
    Protocol{"all", net::tls_all},
};

// What may be taken away, as old configurations do, and never be had.
constexpr std::array gone{
    Protocol{"SSLv2", 0},
    Protocol{"SSLv3", 0},
};

Result<unsigned> versions_of(std::string_view directive, std::string_view name, char sign) {
    for (const auto& protocol : protocols)
        if (iequals(name, protocol.name)) return protocol.versions;
    for (const auto& protocol : gone)
        if (iequals(name, protocol.name) && sign == '-') return protocol.versions;
    if (iequals(name, "SSLv2")) return Error{"SSLProtocol: SSLv2 is no longer supported"};
    if (iequals(name, "SSLv3")) return Error{"SSLv3 not supported by this version of OpenSSL"};
    return Error{fmt::format("{}: Illegal protocol '{}'", directive, name)};
}

} // namespace

Result<ProtocolChoice> parse_protocols(std::string_view directive, config::Arguments words) {
    ProtocolChoice choice;
    for (std::string_view name : words) {
        const char sign = name.starts_with('+') || name.starts_with('-') ? name[0] : ' ';
        if (sign != ' ') name.remove_prefix(1);
        const auto versions = versions_of(directive, name, sign);
        if (!versions) return versions.error();
        if (sign == '-') {
            choice.versions &= ~*versions;
        } else if (sign == '+') {
            choice.versions |= *versions;
        } else {
            if (choice.versions != 0) choice.overriding.emplace_back(name);
            choice.versions = *versions;
        }
    }
    return choice;
}

Result<unsigned> chosen_versions(config::Invocation& invocation, config::Arguments words) {
    const auto choice = parse_protocols(invocation.directive.name, words);
    if (!choice) return choice.error();
    for (const std::string& name : choice->overriding)
        invocation.warn(fmt::format("AH02532: {}: Protocol '{}' overrides already set "
                                    "parameter(s). Check if a +/- prefix is missing.",
                                    invocation.directive.name, name));
    return choice->versions;
}

} // namespace preforkd::ssl
