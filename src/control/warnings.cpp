#include "control/warnings.h"

#include "child/main_log.h"
#include "pipeline/host_settings.h"

namespace preforkd {

namespace {

void log_warning(const config::Configuration& configuration, const config::Warning& warning) {
    log::ErrorLog& log = configuration.main_server().of<HostSettings>().open_log->log;
    const log::Entry entry{.module = warning.module, .level = warning.level, .text = warning.text};
    if (warning.bare) log.write_line(warning.level, warning.text);
    else if (warning.of_no_server) log.write(entry);
    else write_main_log(configuration, entry);
}

} // namespace

void log_warnings(const config::Configuration& configuration,
                  const std::vector<config::PoolWarning>& pool_warnings) {
    for (const auto& warning : configuration.warnings)
        if (warning.for_the_log) log_warning(configuration, warning);
    for (const auto& warning : pool_warnings)
        write_main_log(
            configuration,
            {.module = "mpm_prefork", .level = log::Level::warn, .text = warning.at_restart});
}

} // namespace preforkd
