// mpm_prefork: the size of the pool. Always there, because this server knows no other way.
#include <limits>

#include "base/text.h"
#include "config/process_settings.h"
#include "modules/modules.h"
#include "modules/server/arguments.h"
#include "modules/server/pool_directives.h"

namespace preforkd {

namespace {

using config::ProcessSettings;

Status set_min_spare_servers(ProcessSettings& settings, config::Arguments arguments) {
    settings.min_spare_servers = leading_integer(arguments[0]);
    return {};
}

Status set_max_spare_servers(ProcessSettings& settings, config::Arguments arguments) {
    settings.max_spare_servers = leading_integer(arguments[0]);
    return {};
}

Status set_jitter(ProcessSettings& settings, config::Arguments arguments) {
    const auto number = parse_decimal(arguments[0]);
    if (!number || *number < 0 || *number > std::numeric_limits<int>::max())
        return Error{"MaxConnectionsPerChildJitter must be a number of connections"};
    settings.max_connections_per_child_jitter = static_cast<int>(*number);
    return {};
}

Status set_max_memory(ProcessSettings& settings, config::Arguments arguments) {
    const auto bytes = parse_size(arguments[0]);
    if (!bytes)
        return Error{"MaxMemoryPerChild must be a number of bytes, or of K, M or G: \"256M\""};
    settings.max_memory_per_child = *bytes;
    return {};
}

Status set_busy_timeout(ProcessSettings& settings, config::Arguments arguments) {
    const auto timeout = parse_duration(arguments[0]);
    if (!timeout)
        return Error{"BusyTimeout must be a time: \"2\" seconds, \"500ms\", or 0 for none"};
    settings.busy_timeout = *timeout;
    return {};
}

std::vector<config::Directive> prefork_directives() {
    auto rows = pool_directives();
    rows.push_back({"MinSpareServers", config::Shape::one, config::server_config,
                    config::override_none, config::edits<set_min_spare_servers>,
                    "Minimum number of idle children, to handle request spikes"});
    rows.push_back({"MaxSpareServers", config::Shape::one, config::server_config,
                    config::override_none, config::edits<set_max_spare_servers>,
                    "Maximum number of idle children"});
    rows.push_back({"MaxConnectionsPerChildJitter", config::Shape::one, config::server_config,
                    config::override_none, config::edits<set_jitter>,
                    "Up to how many connections more than MaxConnectionsPerChild a child serves"});
    rows.push_back({"MaxMemoryPerChild", config::Shape::one, config::server_config,
                    config::override_none, config::edits<set_max_memory>,
                    "Memory with which a child leaves after its connection"});
    rows.push_back({"BusyTimeout", config::Shape::one, config::server_config, config::override_none,
                    config::edits<set_busy_timeout>,
                    "How long a child waits for its client while every child is busy"});
    return rows;
}

} // namespace

Module prefork_module() {
    return {
        .name = "mpm_prefork",
        .built_in = true,
        .directives = prefork_directives(),
        .settings = {config::settings_type<ProcessSettings>()},
        .source = "prefork.c",
    };
}

} // namespace preforkd
