// What the processes of the server use: folders, files, mutexes, sockets' options.
#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "base/text.h"
#include "config/configuration.h"
#include "config/process_settings.h"
#include "modules/server/arguments.h"
#include "modules/server/core/core_directives.h"
#include "modules/server/core/mutex.h"
#include "os/file.h"
#include "pipeline/core_settings.h"

namespace preforkd {

namespace {

using config::Arguments;
using config::Invocation;
using config::ProcessSettings;
using config::Shape;

std::string without_last_slash(std::string path) {
    while (path.size() > 1 && path.ends_with('/')) path.pop_back();
    return path;
}

Status set_server_root(Invocation& invocation, Arguments arguments) {
    if (!is_directory(arguments[0])) return Error{"ServerRoot must be a valid directory"};
    invocation.configuration.server_root = without_last_slash(arguments[0]);
    return {};
}

Status set_runtime_dir(ProcessSettings& settings, Arguments arguments, Invocation& invocation) {
    const std::string path = without_last_slash(invocation.server_relative(arguments[0]));
    if (!is_directory(path))
        return Error{"DefaultRuntimeDir must be a valid directory, absolute or relative to "
                     "ServerRoot"};
    settings.runtime_dir = path;
    return {};
}

Status set_core_dump_directory(ProcessSettings& settings, Arguments arguments,
                               Invocation& invocation) {
    const std::string path = invocation.server_relative(arguments[0]);
    struct stat status {};
    if (stat_path(path.c_str(), status) != 0)
        return Error{fmt::format("CoreDumpDirectory {} does not exist", path)};
    if (!S_ISDIR(status.st_mode))
        return Error{fmt::format("CoreDumpDirectory {} is not a directory", path)};
    settings.core_dump_directory = path;
    return {};
}

Status set_exception_hook(ProcessSettings& settings, Arguments arguments) {
    const auto on = parse_on_off(arguments[0]);
    if (!on) return Error{"parameter must be 'on' or 'off'"};
    settings.exception_hook = *on;
    return {};
}

Status set_request_terminate_timeout(CoreServerSettings& settings, Arguments arguments,
                                     Invocation& invocation) {
    constexpr std::int64_t most = 365 * 24 * 3600;
    const auto patience = parse_duration(arguments[0]);
    if (!patience || patience->count() < 0)
        return Error{fmt::format("{} takes a number of seconds, or 0 for no limit",
                                 invocation.directive.name)};
    // Looked at once a second: less than one is one.
    const std::int64_t micros_per_second = 1'000'000;
    const auto whole = (patience->count() + micros_per_second - 1) / micros_per_second;
    settings.request_terminate_timeout = static_cast<int>(std::min(whole, most));
    return {};
}

Status set_pid_file(ProcessSettings& settings, Arguments arguments) {
    settings.pid_file = arguments[0];
    return {};
}

Status set_scoreboard_file(ProcessSettings& settings, Arguments arguments) {
    settings.scoreboard_file = arguments[0];
    return {};
}

Status set_max_connections(ProcessSettings& settings, Arguments arguments) {
    settings.max_connections_per_child = std::max(0, leading_integer(arguments[0]));
    return {};
}

Status set_max_requests(ProcessSettings& settings, Arguments arguments, Invocation& invocation) {
    invocation.configuration.warnings.push_back(
        {.text = "AH00545: MaxRequestsPerChild is deprecated, use MaxConnectionsPerChild instead.",
         .level = log::Level::info,
         .of_no_server = true});
    return set_max_connections(settings, arguments);
}

Status set_extended_status(ProcessSettings& settings, Arguments arguments) {
    settings.extended_status = config::is_on(arguments[0]);
    return {};
}

Status set_see_request_tail(ProcessSettings& settings, Arguments arguments) {
    settings.see_request_tail = config::is_on(arguments[0]);
    return {};
}

Status set_accept_filter(ProcessSettings& settings, Arguments arguments) {
    const std::string protocol = lower(arguments[0]);
    if (iequals(arguments[1], "none")) settings.deferred_protocols.erase(protocol);
    else settings.deferred_protocols.insert(protocol);
    return {};
}

Status set_max_mem_free(ProcessSettings& settings, Arguments arguments) {
    const int kilobytes = leading_integer(arguments[0]);
    if (kilobytes < 0) return Error{"Invalid MaxMemFree value: " + arguments[0]};
    settings.max_mem_free = static_cast<std::size_t>(kilobytes) * 1024;
    return {};
}

Status refuse_port(Invocation&, Arguments) {
    return Error{"Port was replaced with Listen in Apache 2.0"};
}

// Quotes around the whole text are not part of it.
Status say_error(Invocation&, Arguments arguments) {
    std::string_view text = arguments[0];
    if (text.empty()) return Error{"The Error directive was used with no message."};
    const bool quoted = text.front() == '"' || text.front() == '\'';
    if (quoted && text.size() > 1 && text.front() == text.back())
        text = text.substr(1, text.size() - 2);
    return Error{std::string(text)};
}

Status check_regex_options(Invocation&, Arguments arguments) {
    constexpr std::array<std::string_view, 4> known{"ICASE", "EXTENDED", "DOTALL",
                                                    "DOLLAR_ENDONLY"};
    if (arguments.size() == 1 && iequals(arguments[0], "none")) return {};
    for (std::string_view option : arguments) {
        if (option.starts_with('+') || option.starts_with('-')) option.remove_prefix(1);
        const bool is_known = std::any_of(known.begin(), known.end(), [&](std::string_view word) {
            return iequals(word, option);
        });
        if (!is_known)
            return Error{fmt::format("RegexDefaultOptions: option '{}' unknown", option)};
    }
    return {};
}

const std::array process_rows{
    config::Directive{"ServerRoot", Shape::one, in_servers, config::override_none, set_server_root,
                      "Common directory of server-related files (logs, confs, etc.)", true},
    config::Directive{"DefaultRuntimeDir", Shape::one, in_servers, config::override_none,
                      config::edits<set_runtime_dir>,
                      "Common directory for run-time files (shared memory, locks, etc.)", true},
    config::Directive{"PidFile", Shape::one, in_main_server, config::override_none,
                      config::edits<set_pid_file>, "A file for logging the server process ID"},
    config::Directive{"CoreDumpDirectory", Shape::one, in_main_server, config::override_none,
                      config::edits<set_core_dump_directory>,
                      "The location of the directory Apache changes to before dumping core"},
    config::Directive{"EnableExceptionHook", Shape::one, in_main_server, config::override_none,
                      config::edits<set_exception_hook>,
                      "Controls whether exception hook may be called after a crash"},
    config::Directive{"RequestTerminateTimeout", Shape::one, in_servers, config::override_none,
                      config::edits<set_request_terminate_timeout>,
                      "Seconds after which a child is ended that still works on a request"},
    config::Directive{"ScoreBoardFile", Shape::one, in_main_server, config::override_none,
                      config::edits<set_scoreboard_file>,
                      "A file for Apache to maintain runtime process management information"},
    config::Directive{"ExtendedStatus", Shape::flag, in_main_server, config::override_none,
                      config::edits<set_extended_status>,
                      "\"On\" to track extended status information, \"Off\" to disable"},
    config::Directive{"SeeRequestTail", Shape::flag, in_main_server, config::override_none,
                      config::edits<set_see_request_tail>,
                      "For extended status, \"On\" to see the last 63 chars of the request line, "
                      "\"Off\" (default) to see the first 63"},
    config::Directive{"MaxConnectionsPerChild", Shape::one, in_main_server, config::override_none,
                      config::edits<set_max_connections>,
                      "Maximum number of connections a particular child serves before dying."},
    config::Directive{"MaxRequestsPerChild", Shape::one, in_main_server, config::override_none,
                      config::edits<set_max_requests>,
                      "Maximum number of connections a particular child serves before dying. "
                      "(DEPRECATED, use MaxConnectionsPerChild)"},
    config::Directive{"MaxMemFree", Shape::one, in_main_server, config::override_none,
                      config::edits<set_max_mem_free>,
                      "Maximum number of 1k blocks a particular child's allocator may hold."},
    config::Directive{"ThreadStackSize", Shape::one, in_main_server, config::override_none,
                      config::accepted_for_later,
                      "Size in bytes of stack used by threads handling client connections"},
    config::Directive{"Mutex", Shape::words, in_main_server, config::override_none, set_mutex,
                      "mutex (or \"default\") and mechanism"},
    config::Directive{"AcceptFilter", Shape::two, in_main_server, config::override_none,
                      config::edits<set_accept_filter>,
                      "Set the Accept Filter to use for a protocol"},
    config::Directive{"Port", Shape::words, in_servers, config::override_none, refuse_port,
                      "Port was replaced with Listen in Apache 2.0"},
    config::Directive{"RegexDefaultOptions", Shape::words, in_main_server, config::override_none,
                      check_regex_options,
                      "default options for regexes (prefixed by '+' to add, '-' to del)"},
    config::Directive{"Error", Shape::raw, config::anywhere, config::override_all, say_error,
                      "Generate error message from within configuration"},
};

} // namespace

std::span<const config::Directive> process_directives() { return process_rows; }

} // namespace preforkd
