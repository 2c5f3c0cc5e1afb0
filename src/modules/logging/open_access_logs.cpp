// Opening access logs before the fork, with the rights of whoever started the server.
#include "base/text.h"
#include "config/merge_servers.h"
#include "modules/logging/log_settings.h"
#include "modules/logging/log_target.h"

namespace preforkd::logging {

namespace {

constexpr std::string_view common_format = "%h %l %u %t \"%r\" %>s %b";

// A text that is no nickname is a format itself.
const std::string& resolve(const AccessLogSettings& settings, const std::string& text) {
    const auto found = settings.formats.find(lower(text));
    return found == settings.formats.end() ? text : found->second;
}

Status open_log(AccessLog& log, const AccessLogSettings& settings,
                const config::Configuration& configuration, LogPrograms& programs) {

    if (log.format) {
        auto compiled = LogFormat::compile(resolve(settings, *log.format));
        if (!compiled) return compiled.error();
        log.compiled = std::move(*compiled);
    }
    auto descriptor = open_log_target(log.target, configuration, programs);
    if (!descriptor) return descriptor.error();
    log.descriptor = std::move(*descriptor);
    return {};
}

Status open_logs_of(config::Server& server, const config::Configuration& configuration,
                    LogPrograms& programs, std::size_t& number) {
    const auto& settings = server.of<AccessLogSettings>();
    const std::string usual = settings.usual_format.value_or(std::string(common_format));
    auto compiled = LogFormat::compile(resolve(settings, usual));
    if (!compiled) return compiled.error();
    for (const auto& log : settings.logs)
        if (!log->descriptor) {
            if (auto opened = open_log(*log, settings, configuration, programs); !opened)
                return opened;
            log->number = number++;
        }
    server.server_settings.edit<AccessLogSettings>().usual =
        std::make_shared<const LogFormat>(std::move(*compiled));
    return {};
}

} // namespace

Status check_log_folders(const config::Configuration& configuration) {
    for (const auto& server : configuration.servers)
        for (const auto& log : server->of<AccessLogSettings>().logs)
            if (auto checked = check_log_folder(log->target, log->place, configuration); !checked)
                return checked;
    return {};
}

std::size_t count_of_logs(const config::Configuration& configuration) {
    std::size_t count = 0;
    for (const auto& server : configuration.servers)
        for (const auto& log : server->of<AccessLogSettings>().logs)
            count = std::max(count, log->number + 1);
    return count;
}

Status open_access_logs(config::Configuration& configuration, LogPrograms& programs) {
    std::size_t number = 0;
    for (auto& server : configuration.servers)
        if (auto opened = open_logs_of(*server, configuration, programs, number); !opened)
            return opened;
    config::merge_servers(configuration);
    return {};
}

} // namespace preforkd::logging
