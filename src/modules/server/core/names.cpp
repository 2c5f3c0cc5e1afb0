// By which names a server goes, and which of them it uses when it speaks of itself.
#include <array>
#include <fmt/format.h>

#include "base/product.h"
#include "base/text.h"
#include "config/configuration.h"
#include "modules/server/arguments.h"
#include "modules/server/core/core_directives.h"
#include "pipeline/core_settings.h"
#include "pipeline/host_settings.h"

namespace preforkd {

namespace {

using config::Arguments;
using config::Invocation;
using config::Shape;

// "80", and what C's atoi takes for it ("443/x").
Status set_port(config::Server& server, std::string_view port, const std::string& argument) {
    const int number = leading_integer(port);
    if (number < 1 || number > 65535)
        return Error{fmt::format("The port number \"{}\" is outside the appropriate range "
                                 "(i.e., 1..65535).",
                                 argument)};
    server.port = static_cast<unsigned short>(number);
    return {};
}

// [scheme://]name[:port]
Status set_server_name(Invocation& invocation, Arguments arguments) {
    const std::string& argument = arguments[0];
    if (argument.find_first_of("*?[]") != std::string::npos)
        return Error{fmt::format("Invalid ServerName \"{}\" use ServerAlias to set multiple server "
                                 "names.",
                                 argument)};
    std::string_view name = argument;
    config::Server& server = invocation.server;
    if (const auto mark = name.find("://"); mark != std::string_view::npos) {
        server.scheme = lower(name.substr(0, mark));
        name.remove_prefix(mark + 3);
    } else {
        server.scheme.clear();
    }
    server.port = 0;
    if (const auto colon = name.find(':'); colon != std::string_view::npos) {
        if (auto port = set_port(server, name.substr(colon + 1), argument); !port) return port;
        name = name.substr(0, colon);
    }
    server.name = name;
    server.name_was_set = true;
    return {};
}

Status add_server_aliases(Invocation& invocation, Arguments arguments) {
    if (!invocation.server.is_virtual) return Error{"ServerAlias only used in <VirtualHost>"};
    for (const std::string& alias : arguments) {
        const bool has_wildcard = alias.find_first_of("*?") != std::string::npos;
        auto& aliases =
            has_wildcard ? invocation.server.wildcard_aliases : invocation.server.aliases;
        aliases.push_back(alias);
    }
    return {};
}

Status set_server_tokens(CoreServerSettings& settings, Arguments arguments) {
    const std::string kind = lower(arguments[0]);
    const std::string_view version = product::version;
    const auto minor = version.rfind('.');
    const auto major = version.find('.');
    settings.server_tokens.reset();
    if (kind == "full") return {};
    std::string& tokens = settings.server_tokens.emplace(product::name);
    if (kind == "prod" || kind == "productonly") return {};
    tokens += '/';
    if (kind == "major") {
        tokens += version.substr(0, major);
    } else if (kind == "minor") {
        tokens += version.substr(0, minor);
    } else if (kind == "min" || kind == "minimal") {
        tokens += version;
    } else if (kind == "os") {
        tokens += fmt::format("{} ({})", version, product::platform);
    } else {
        return Error{"ServerTokens takes 1 argument: 'Prod(uctOnly)', 'Major', 'Minor', "
                     "'Min(imal)', 'OS', or 'Full'"};
    }
    return {};
}

Status set_server_signature(CoreDirectorySettings& settings, Arguments arguments) {
    if (iequals(arguments[0], "off")) settings.server_signature = ServerSignature::off;
    else if (iequals(arguments[0], "on")) settings.server_signature = ServerSignature::on;
    else if (iequals(arguments[0], "email")) settings.server_signature = ServerSignature::email;
    else return Error{"ServerSignature: use one of: off | on | email"};
    return {};
}

Status set_use_canonical_name(CoreDirectorySettings& settings, Arguments arguments) {
    if (iequals(arguments[0], "on")) settings.use_canonical_name = UseCanonicalName::on;
    else if (iequals(arguments[0], "off")) settings.use_canonical_name = UseCanonicalName::off;
    else if (iequals(arguments[0], "dns")) settings.use_canonical_name = UseCanonicalName::dns;
    else return Error{"parameter must be 'on', 'off', or 'dns'"};
    return {};
}

Status set_hostname_lookups(Invocation& invocation, Arguments arguments) {
    const auto on = iequals(arguments[0], "double") ? true : parse_on_off(arguments[0]);
    if (!on) return Error{"parameter must be 'on', 'off', or 'double'"};
    if (!invocation.section)
        invocation.server.server_settings.edit<CoreServerSettings>().hostname_lookups = on;
    return {};
}

// Once is enough: who has many of them knows of all.
Status warn_of_name_virtual_host(Invocation& invocation, Arguments) {
    const auto& place = invocation.node.place;
    auto& warnings = invocation.configuration.warnings;
    for (const auto& warning : warnings)
        if (warning.text.starts_with("AH00548")) return {};
    warnings.push_back(
        {.text = fmt::format("AH00548: NameVirtualHost has no effect and will be removed in the "
                             "next release {}:{}",
                             place.file ? *place.file : std::string(), place.line),
         .bare = true,
         .for_the_log = false});
    return {};
}

Status set_server_path(Invocation& invocation, Arguments arguments) {
    invocation.server.path = arguments[0];
    return {};
}

Status set_physical_port(CoreDirectorySettings& settings, Arguments arguments) {
    const auto on = parse_on_off(arguments[0]);
    if (!on) return Error{"parameter must be 'on' or 'off'"};
    settings.use_canonical_physical_port = *on;
    return {};
}

const std::array name_rows{
    config::Directive{"ServerName", Shape::one, in_servers, config::override_none, set_server_name,
                      "The hostname and port of the server"},
    config::Directive{"ServerAlias", Shape::words, in_servers, config::override_none,
                      add_server_aliases, "A name or names alternately used to access the server"},
    config::Directive{"ServerAdmin", Shape::one, in_servers, config::override_none,
                      config::sets_text<&HostSettings::admin>,
                      "The email address of the server administrator"},
    config::Directive{"ServerPath", Shape::one, in_servers, config::override_none, set_server_path,
                      "The pathname the server can be reached at"},
    config::Directive{"ServerTokens", Shape::one, in_main_server, config::override_none,
                      config::edits<set_server_tokens>,
                      "Determine tokens displayed in the Server: header - Min(imal), Major, Minor, "
                      "Prod(uctOnly), OS, or Full"},
    config::Directive{"ServerSignature", Shape::one, config::anywhere, config::override_all,
                      config::edits<set_server_signature>,
                      "En-/disable server signature (on|off|email)"},
    config::Directive{"UseCanonicalName", Shape::one, in_files, config::override_none,
                      config::edits<set_use_canonical_name>,
                      "How to work out the ServerName : Port when constructing URLs"},
    config::Directive{"UseCanonicalPhysicalPort", Shape::one, in_files, config::override_none,
                      config::edits<set_physical_port>,
                      "Whether to use the physical Port when constructing URLs"},
    config::Directive{"HostnameLookups", Shape::one, in_files, config::override_none,
                      set_hostname_lookups,
                      "\"on\" to enable, \"off\" to disable reverse DNS lookups, or \"double\" to "
                      "enable double-reverse DNS lookups"},
    config::Directive{"StrictHostCheck", Shape::flag, in_servers, config::override_none,
                      config::sets_flag<&CoreServerSettings::strict_host_check>,
                      "Controls whether a hostname match is required"},
    config::Directive{"NameVirtualHost", Shape::one, in_servers, config::override_none,
                      warn_of_name_virtual_host,
                      "A numeric IP address:port, or the name of a host"},
};

} // namespace

std::span<const config::Directive> name_directives() { return name_rows; }

} // namespace preforkd
