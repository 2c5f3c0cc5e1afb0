#include "modules/access/auth_digest/settings.h"

#include <cstdlib>
#include <fmt/format.h>

#include "base/text.h"
#include "config/configuration.h"

namespace preforkd::auth_digest {

using config::Arguments;
using config::Invocation;
using config::Shape;

namespace {

Status add_provider(Settings& settings, Arguments arguments, Invocation& invocation) {
    const auto* provider = find_authentication_provider(invocation.configuration, arguments[0]);
    if (!provider) return Error{"Unknown Authn provider: " + arguments[0]};
    if (!provider->knows_digests())
        return Error{fmt::format("The '{}' Authn provider doesn't support Digest Authentication",
                                 arguments[0])};
    settings.providers.push_back(provider);
    return {};
}

Status set_lifetime(Settings& settings, Arguments arguments) {
    char* end = nullptr;
    const long seconds = std::strtol(arguments[0].c_str(), &end, 10);
    if (*end != '\0') return Error{"Invalid time in AuthDigestNonceLifetime: " + arguments[0]};
    settings.lifetime = seconds;
    return {};
}

Status set_count_check(Settings& settings, Arguments arguments) {
    settings.checks_count = iequals(arguments[0], "on");
    return {};
}

Status check_qop(Invocation&, Arguments arguments) {
    if (iequals(arguments[0], "auth")) return {};
    return Error{"AuthDigestQop is deprecated: only 'auth' is supported"};
}

Status check_algorithm(Invocation&, Arguments arguments) {
    if (iequals(arguments[0], "MD5")) return {};
    return Error{"Unsupported algorithm in AuthDigestAlgorithm: " + arguments[0]};
}

Status add_domain(Settings& settings, Arguments arguments) {
    settings.domain = settings.domain ? *settings.domain + " " + arguments[0] : arguments[0];
    return {};
}

Status set_memory_size(Invocation& invocation, Arguments arguments) {
    constexpr long least = 88; // of Apache's table of clients
    char* end = nullptr;
    long size = std::strtol(arguments[0].c_str(), &end, 10);
    const char unit = to_upper(*end);
    if (unit == 'K') size *= 1024;
    else if (unit == 'M') size *= 1024 * 1024;
    else if (unit != '\0') return Error{"Invalid size in AuthDigestShmemSize: " + arguments[0]};
    if (size < least)
        return Error{fmt::format("size in AuthDigestShmemSize too small: {} < {}", size, least)};
    auto& main_server = *invocation.configuration.servers.front();
    main_server.server_settings.edit<ServerSettings>().memory = static_cast<std::size_t>(size);
    return {};
}

} // namespace

std::vector<config::Directive> directives() {
    using config::edits;
    using config::override_auth_config;
    constexpr unsigned sections = config::directory | config::htaccess;
    return {
        {"AuthDigestProvider", Shape::each, sections, override_auth_config, edits<add_provider>,
         "specify the auth providers for a directory or location"},
        {"AuthDigestQop", Shape::each, sections, override_auth_config, check_qop,
         "A list of quality-of-protection options"},
        {"AuthDigestNonceLifetime", Shape::one, sections, override_auth_config, edits<set_lifetime>,
         "Maximum lifetime of the server nonce (seconds)"},
        {"AuthDigestNcCheck", Shape::flag, sections, override_auth_config, edits<set_count_check>,
         "Whether or not to check the nonce-count sent by the client"},
        {"AuthDigestAlgorithm", Shape::one, sections, override_auth_config, check_algorithm,
         "The algorithm used for the hash calculation"},
        {"AuthDigestDomain", Shape::each, sections, override_auth_config, edits<add_domain>,
         "A list of URI's which belong to the same protection space as the current URI"},
        {"AuthDigestShmemSize", Shape::one, config::server_config, config::override_none,
         set_memory_size, "The amount of shared memory to allocate for keeping track of clients"},
    };
}

} // namespace preforkd::auth_digest
