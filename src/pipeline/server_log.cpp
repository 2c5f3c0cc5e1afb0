#include "pipeline/server_log.h"

#include "pipeline/core_settings.h"

namespace preforkd {

bool wants_log(const config::Server& server, std::string_view module, log::Level level) {
    const auto& core = server.of<CoreServerSettings>();
    static const log::Levels usual;
    return core.open_log && (core.log_levels ? *core.log_levels : usual).wants(module, level);
}

void log_to(const config::Server& server, const log::Entry& entry) {
    if (wants_log(server, entry.module, entry.level))
        server.of<CoreServerSettings>().open_log->log.write(entry);
}

} // namespace preforkd
