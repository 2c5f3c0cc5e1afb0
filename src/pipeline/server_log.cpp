#include "pipeline/server_log.h"

#include "pipeline/core_settings.h"
#include "pipeline/host_settings.h"

namespace preforkd {

namespace {

using Formats = std::vector<std::shared_ptr<const ErrorLogFormat>>;

void write_lines(log::ErrorLog& log, const Formats& formats, const LogScene& scene) {
    for (const auto& format : formats)
        if (const auto line = format->line_for(scene)) log.write_line(scene.entry.level, *line);
}

// What is told once, before the first line about a connection or a request.
void introduce(log::ErrorLog& log, const CoreServerSettings& core, const LogScene& scene) {
    if (scene.connection && scene.connection->log_id.empty()) {
        log_id_of(*scene.connection);
        write_lines(log, core.connection_log_formats,
                    {scene.entry, scene.server, nullptr, scene.connection});
    }
    const Request* main = scene.request;
    while (main && main->main) main = main->main;
    if (!main || !main->log_id.empty()) return;
    log_id_of(*main);
    write_lines(log, core.request_log_formats, {scene.entry, scene.server, main, scene.connection});
}

} // namespace

bool wants_log(const config::Server& server, std::string_view module, log::Level level) {
    static const log::Levels usual;
    const auto& levels = server.of<CoreServerSettings>().log_levels;
    return server.of<HostSettings>().open_log && (levels ? *levels : usual).wants(module, level);
}

void log_to(const config::Server& server, const log::Entry& entry) {
    if (wants_log(server, entry.module, entry.level)) write_to_log({entry, server});
}

void log_to(const ConnectionFacts& connection, log::Entry entry) {
    const auto& server = *connection.first_server;
    if (!wants_log(server, entry.module, entry.level)) return;
    entry.client = connection.client_text;
    write_to_log({entry, server, nullptr, &connection});
}

void write_to_log(const LogScene& scene) {
    const auto& core = scene.server.of<CoreServerSettings>();
    log::ErrorLog& log = scene.server.of<HostSettings>().open_log->log;
    introduce(log, core, scene);
    if (!core.error_log_format) return log.write(scene.entry);
    if (const auto line = core.error_log_format->line_for(scene))
        log.write_line(scene.entry.level, *line);
}

} // namespace preforkd
