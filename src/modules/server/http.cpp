// http: persistent connections.
#include "modules/modules.h"
#include "modules/server/arguments.h"
#include "pipeline/core_settings.h"

namespace preforkd {

namespace {

using config::Arguments;
using config::Shape;

Status set_keep_alive_timeout(CoreServerSettings& settings, Arguments arguments) {
    const auto timeout = parse_duration(arguments[0]);
    if (!timeout) return Error{"KeepAliveTimeout has wrong format"};
    settings.keep_alive_timeout = *timeout;
    return {};
}

// Below zero, Apache never keeps a connection: one request each.
Status set_max_keep_alive_requests(CoreServerSettings& settings, Arguments arguments) {
    const int number = leading_integer(arguments[0]);
    settings.max_keep_alive_requests = number < 0 ? 1 : static_cast<unsigned>(number);
    return {};
}

constexpr unsigned in_servers = config::server_config | config::virtual_host;

} // namespace

Module http_module() {
    return {
        .name = "http",
        .built_in = true,
        .directives = {{"KeepAlive", Shape::flag, in_servers, config::override_none,
                        config::sets_flag<&CoreServerSettings::keep_alive>,
                        "Whether persistent connections should be On or Off"},
                       {"KeepAliveTimeout", Shape::one, in_servers, config::override_none,
                        config::edits<set_keep_alive_timeout>, "Keep-Alive timeout duration (sec)"},
                       {"MaxKeepAliveRequests", Shape::one, in_servers, config::override_none,
                        config::edits<set_max_keep_alive_requests>,
                        "Maximum number of Keep-Alive requests per connection, or 0 for infinite"}},
        .source = "http_core.c",
    };
}

} // namespace preforkd
