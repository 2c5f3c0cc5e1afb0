#include "modules/server/pool_directives.h"

#include <fmt/format.h>

#include "config/configuration.h"
#include "config/process_settings.h"
#include "modules/server/arguments.h"

namespace preforkd {

namespace {

using config::Arguments;
using config::Invocation;
using config::ProcessSettings;
using config::Shape;

template <auto Field>
Status set_number(ProcessSettings& settings, Arguments arguments) {
    settings.*Field = leading_integer(arguments[0]);
    return {};
}

template <auto Field>
Status set_positive(ProcessSettings& settings, Arguments arguments, Invocation& invocation) {
    const int number = leading_integer(arguments[0]);
    if (number <= 0) return Error{fmt::format("{} must be > 0", invocation.directive.name)};
    settings.*Field = number;
    return {};
}

template <auto Field>
Status set_buffer_size(ProcessSettings& settings, Arguments arguments, Invocation& invocation) {
    const int bytes = leading_integer(arguments[0]);
    if (bytes < 512 && bytes != 0)
        return Error{fmt::format("{} must be >= 512 bytes, or 0 for system default.",
                                 invocation.directive.name)};
    settings.*Field = bytes;
    return {};
}

Status set_max_request_workers(ProcessSettings& settings, Arguments arguments) {
    settings.max_request_workers = leading_integer(arguments[0]);
    settings.max_request_workers_was_set = true;
    return {};
}

Status set_max_clients(ProcessSettings& settings, Arguments arguments, Invocation& invocation) {
    invocation.configuration.warnings.push_back(
        {.text = "AH00188: MaxClients is deprecated, use MaxRequestWorkers instead.",
         .module = "mpm_prefork",
         .level = log::Level::info,
         .of_no_server = true});
    return set_max_request_workers(settings, arguments);
}

config::Directive row(std::string_view name, config::Apply apply, std::string_view usage) {
    return {name, Shape::one, config::server_config, config::override_none, apply, usage};
}

} // namespace

std::vector<config::Directive> pool_directives() {
    using config::edits;
    return {
        {"Listen", Shape::words, config::server_config, config::override_none, add_listener,
         "A port number or a numeric IP address and a port number, and an optional protocol"},
        row("ListenBacklog", edits<set_positive<&ProcessSettings::listen_backlog>>,
            "Maximum length of the queue of pending connections, as used by listen(2)"),
        row("ListenCoresBucketsRatio",
            edits<set_positive<&ProcessSettings::listen_cores_buckets_ratio>>,
            "Ratio between the number of CPU cores (online) and the number of listeners buckets"),
        row("ListenTCPDeferAccept", edits<set_positive<&ProcessSettings::defer_accept>>,
            "Value set for the socket option TCP_DEFER_ACCEPT if it is set"),
        row("SendBufferSize", edits<set_buffer_size<&ProcessSettings::send_buffer_size>>,
            "Send buffer size in bytes"),
        row("ReceiveBufferSize", edits<set_buffer_size<&ProcessSettings::receive_buffer_size>>,
            "Receive buffer size in bytes"),
        row("StartServers", edits<set_number<&ProcessSettings::start_servers>>,
            "Number of child processes launched at server startup"),
        row("MaxRequestWorkers", edits<set_max_request_workers>,
            "Maximum number of children alive at the same time"),
        row("MaxClients", edits<set_max_clients>, "Deprecated name of MaxRequestWorkers"),
        row("ServerLimit", edits<set_number<&ProcessSettings::server_limit>>,
            "Maximum value of MaxRequestWorkers for this run of Apache"),
        row("GracefulShutdownTimeout",
            edits<set_number<&ProcessSettings::graceful_shutdown_timeout>>,
            "Maximum time in seconds to wait for child processes to complete transactions during "
            "shutdown"),
    };
}

} // namespace preforkd
