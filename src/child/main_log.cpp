#include "child/main_log.h"

#include "pipeline/core_settings.h"
#include "pipeline/host_settings.h"
#include "pipeline/server_log.h"

namespace preforkd {

void write_main_log(const config::Configuration& configuration, const log::Entry& entry) {
    const auto& settings = configuration.main_server().of<CoreServerSettings>();
    const log::Levels levels = settings.log_levels.value_or(log::Levels{});
    if (entry.level != log::Level::notice && !levels.wants(entry.module, entry.level)) return;
    if (configuration.main_server().of<HostSettings>().open_log)
        return write_to_log({entry, configuration.main_server()});
    log::ErrorLog(2).write(entry);
}

} // namespace preforkd
