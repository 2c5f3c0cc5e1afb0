#include "modules/content/cgi/cgi_settings.h"

#include <algorithm>
#include <fmt/format.h>

#include "base/text.h"
#include "modules/server/arguments.h"

namespace preforkd {

using config::Arguments;
using config::Shape;

void ScriptLogSettings::inherit_from(const ScriptLogSettings& outer) {
    config::inherit(path, outer.path);
    config::inherit(longest, outer.longest);
    config::inherit(content, outer.content);
}

namespace {

Status set_patience(CgiSettings& settings, Arguments arguments, config::Invocation& invocation) {
    settings.patience = parse_duration(arguments[0]);
    if (settings.patience) return {};
    return Error{fmt::format("{} has wrong format", invocation.directive.name)};
}

Status set_path(ScriptLogSettings& settings, Arguments arguments, config::Invocation& invocation) {
    settings.path = invocation.server_relative(arguments[0]);
    return {};
}

template <auto Field>
Status set_size(ScriptLogSettings& settings, Arguments arguments) {
    settings.*Field = static_cast<std::size_t>(std::max(0, leading_integer(arguments[0])));
    return {};
}

} // namespace

std::vector<config::Directive> cgi_directives(std::string_view timeout) {
    constexpr unsigned in_servers = config::server_config | config::virtual_host;
    return {
        {timeout, Shape::one, in_servers | config::directory, config::override_none,
         config::edits<set_patience>,
         "The amount of time to wait between successful reads from the CGI script, in seconds."},
        {"ScriptLog", Shape::one, in_servers, config::override_none, config::edits<set_path>,
         "the name of a log for script debugging info"},
        {"ScriptLogLength", Shape::one, in_servers, config::override_none,
         config::edits<set_size<&ScriptLogSettings::longest>>,
         "the maximum length (in bytes) of the script debug log"},
        {"ScriptLogBuffer", Shape::one, in_servers, config::override_none,
         config::edits<set_size<&ScriptLogSettings::content>>,
         "the maximum size (in bytes) to record of a POST request"},
    };
}

} // namespace preforkd
