// What scripts are told, and what they may use.
#include <array>
#include <fmt/format.h>

#include "base/text.h"
#include "modules/server/core/core_directives.h"
#include "os/identity.h"
#include "pipeline/script_settings.h"

namespace preforkd {

namespace {

using config::Arguments;
using config::Invocation;
using config::Shape;

Status set_cgi_variable(ScriptSettings& settings, Arguments arguments) {
    if (arguments[0] != "REQUEST_URI")
        return Error{fmt::format("Unrecognized CGI variable: \"{}\"", arguments[0])};
    settings.current_uri = iequals(arguments[1], "current-uri");
    if (!*settings.current_uri && !iequals(arguments[1], "original-uri"))
        return Error{"Valid rules for REQUEST_URI are 'current-uri' and 'original-uri'"};
    return {};
}

constexpr std::string_view decimal = "0123456789";

std::uint64_t read_limit(const std::string& argument, std::uint64_t most) {
    if (iequals(argument, "max")) return most;
    const auto digits = std::string_view(argument).substr(0, argument.find_first_not_of(decimal));
    return static_cast<std::uint64_t>(parse_decimal(digits).value_or(0));
}

// "soft" or "soft hard"; nobody but root may go beyond what he has.
template <auto Field, Resource What>
Status set_resource_limit(ScriptSettings& settings, Arguments arguments, Invocation& invocation) {
    auto limit = resource_limit(What);
    const auto soft = read_limit(arguments[0], limit.hard);
    const auto hard = arguments.size() > 1 ? read_limit(arguments[1], limit.hard) : 0;
    if (hard > limit.hard && !is_superuser())
        invocation.warn(
            fmt::format("{}: only root may raise the hard limit", invocation.directive.name));
    else if (hard > 0) limit.hard = hard;
    if (soft > 0) limit.soft = soft;
    settings.*Field = limit;
    return {};
}

const std::array script_rows{
    config::Directive{"CGIPassAuth", Shape::flag, config::directory | config::htaccess,
                      config::override_auth_config, config::sets_flag<&ScriptSettings::pass_auth>,
                      "Controls whether HTTP authorization headers, normally hidden, will be "
                      "passed to scripts"},
    config::Directive{"CGIVar", Shape::two, config::anywhere, config::override_file_info,
                      config::edits<set_cgi_variable>, "Controls how some CGI variables are set"},
    config::Directive{"QualifyRedirectURL", Shape::flag, config::anywhere,
                      config::override_file_info,
                      config::sets_flag<&ScriptSettings::qualified_redirect_url>,
                      "Controls whether the REDIRECT_URL environment variable is fully qualified"},
    config::Directive{
        "RLimitCPU", Shape::one_or_two, config::anywhere, config::override_all,
        config::edits<set_resource_limit<&ScriptSettings::cpu_seconds, Resource::cpu_seconds>>,
        "Soft/hard limits for max CPU usage in seconds"},
    config::Directive{
        "RLimitMEM", Shape::one_or_two, config::anywhere, config::override_all,
        config::edits<set_resource_limit<&ScriptSettings::memory_bytes, Resource::memory_bytes>>,
        "Soft/hard limits for max memory usage per process"},
    config::Directive{
        "RLimitNPROC", Shape::one_or_two, config::anywhere, config::override_all,
        config::edits<set_resource_limit<&ScriptSettings::processes, Resource::processes>>,
        "soft/hard limits for max number of processes per uid"},
};

} // namespace

std::span<const config::Directive> script_directives() { return script_rows; }

} // namespace preforkd
