// In sections: what requests need, and what they are told of their connection.
#include <array>
#include <fmt/format.h>
#include <optional>

#include "base/text.h"
#include "modules/connection/ssl/ssl_directives.h"
#include "modules/server/arguments.h"

namespace preforkd::ssl {

namespace {

using config::Arguments;
using config::Invocation;
using config::Shape;

struct OptionName {
    std::string_view name;
    SslOption option;
};

constexpr std::array options{
    OptionName{"StdEnvVars", option_std_env_vars},
    OptionName{"ExportCertData", option_export_cert_data},
    OptionName{"FakeBasicAuth", option_fake_basic_auth},
    OptionName{"StrictRequire", option_strict_require},
    OptionName{"OptRenegotiate", option_opt_renegotiate},
    OptionName{"LegacyDNStringFormat", option_legacy_dn_string_format},
};

std::optional<unsigned> option_of(std::string_view name) {
    for (const auto& one : options)
        if (iequals(name, one.name)) return one.option;
    return {};
}

// Of several words without a sign the last one counts, in Apache too.
Status set_options(SslDirectorySettings& settings, Arguments words) {
    for (std::string_view name : words) {
        const char sign = name.starts_with('+') || name.starts_with('-') ? name[0] : ' ';
        if (sign != ' ') name.remove_prefix(1);
        const auto option = option_of(name);
        if (!option) return Error{fmt::format("SSLOptions: Illegal option '{}'", name)};
        if (sign == '+') {
            settings.options_added |= *option;
            settings.options_removed &= ~*option;
        } else if (sign == '-') {
            settings.options_removed |= *option;
            settings.options_added &= ~*option;
        } else {
            settings.options = *option;
            settings.options_added = settings.options_removed = 0;
        }
    }
    return {};
}

// Words behind it are ignored, as in Apache.
Status require_ssl(SslDirectorySettings& settings, Arguments) {
    settings.requires_ssl = true;
    return {};
}

Status add_requirement(SslDirectorySettings& settings, Arguments arguments,
                       Invocation& invocation) {
    auto expression = Expression::ssl_requirement(arguments[0], invocation.configuration);
    if (!expression) return Error{"SSLRequire: " + expression.error().what};
    settings.requirements.push_back({arguments[0], std::move(*expression)});
    return {};
}

Status set_renegotiation_buffer(SslDirectorySettings& settings, Arguments arguments) {
    const int size = leading_integer(arguments[0]);
    if (size < 0)
        return Error{fmt::format("Invalid size for SSLRenegBufferSize: {}", arguments[0])};
    settings.renegotiation_buffer = static_cast<std::size_t>(size);
    return {};
}

} // namespace

Rows access_rows() {
    using config::anywhere;
    using config::edits;
    using config::override_auth_config;
    constexpr unsigned in_sections = config::directory | config::htaccess;
    return {
        {"SSLOptions", Shape::words, anywhere, config::override_options, edits<set_options>,
         "Set one or more options to configure the SSL engine('[+-]option[=value] ...' - see "
         "manual)"},
        {"SSLUserName", Shape::one, anywhere, override_auth_config,
         config::sets_text<&SslDirectorySettings::user_variable>,
         "Set user name to SSL variable value"},
        {"SSLRequireSSL", Shape::raw, in_sections, override_auth_config, edits<require_ssl>,
         "Require the SSL protocol for the per-directory context (no arguments)"},
        {"SSLRequire", Shape::raw, in_sections, override_auth_config, edits<add_requirement>,
         "Require a boolean expression to evaluate to true for granting access(arbitrary complex "
         "boolean expression - see manual)"},
        {"SSLRenegBufferSize", Shape::one, in_sections, override_auth_config,
         edits<set_renegotiation_buffer>,
         "Configure the amount of memory that will be used for buffering the request body if a "
         "per-location SSL renegotiation is required due to changed access control requirements"},
    };
}

} // namespace preforkd::ssl
