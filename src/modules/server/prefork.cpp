// mpm_prefork: the size of the pool. Always there, because this server knows no other way.
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

std::vector<config::Directive> prefork_directives() {
    auto rows = pool_directives();
    rows.push_back({"MinSpareServers", config::Shape::one, config::server_config,
                    config::override_none, config::edits<set_min_spare_servers>,
                    "Minimum number of idle children, to handle request spikes"});
    rows.push_back({"MaxSpareServers", config::Shape::one, config::server_config,
                    config::override_none, config::edits<set_max_spare_servers>,
                    "Maximum number of idle children"});
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
