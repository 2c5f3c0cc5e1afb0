// Opening access logs before the fork, with the rights of whoever started the server.
#include <cerrno>
#include <cstring>
#include <fmt/format.h>

#include "base/text.h"
#include "config/merge_servers.h"
#include "modules/logging/log_settings.h"
#include "os/file.h"
#include "os/system_error.h"

namespace preforkd::logging {

namespace {

constexpr std::string_view common_format = "%h %l %u %t \"%r\" %>s %b";

bool is_program(const AccessLog& log) { return log.target.starts_with('|'); }

std::string path_of(const AccessLog& log, const config::Configuration& configuration) {
    return log.target.starts_with('/') ? log.target : configuration.server_root + "/" + log.target;
}

// A text that is no nickname is a format itself.
const std::string& resolve(const AccessLogSettings& settings, const std::string& text) {
    const auto found = settings.formats.find(lower(text));
    return found == settings.formats.end() ? text : found->second;
}

Result<UniqueFd> start_program(const AccessLog& log, LogPrograms& programs) {
    auto program = PipedProgram::start(log.target.substr(1));
    if (!program) return program.error();
    UniqueFd descriptor = duplicate_descriptor((*program)->descriptor());
    if (!descriptor) return system_error("duplicate", "log pipe");
    programs.push_back(std::move(*program));
    return descriptor;
}

Result<UniqueFd> open_target(const AccessLog& log, const config::Configuration& configuration,
                             LogPrograms& programs) {
    if (is_program(log)) return start_program(log, programs);
    const std::string path = path_of(log, configuration);
    auto file = open_for_appending(path);
    if (file) return file;
    const int code = file.error().code;
    return Error{fmt::format("({}){}: AH00649: could not open transfer log file {}.", code,
                             std::strerror(code), path),
                 code};
}

// A log that hosts inherit is open already when their turn comes.
Status open_once(AccessLog& log, const AccessLogSettings& settings,
                 const config::Configuration& configuration, LogPrograms& programs) {
    if (log.descriptor) return {};
    if (log.format) {
        auto compiled = LogFormat::compile(resolve(settings, *log.format));
        if (!compiled) return compiled.error();
        log.compiled = std::move(*compiled);
    }
    auto descriptor = open_target(log, configuration, programs);
    if (!descriptor) return descriptor.error();
    log.descriptor = std::move(*descriptor);
    return {};
}

Status open_logs_of(config::Server& server, const config::Configuration& configuration,
                    LogPrograms& programs) {
    const auto& settings = server.of<AccessLogSettings>();
    const std::string usual = settings.usual_format.value_or(std::string(common_format));
    auto compiled = LogFormat::compile(resolve(settings, usual));
    if (!compiled) return compiled.error();
    for (const auto& log : settings.logs)
        if (auto opened = open_once(*log, settings, configuration, programs); !opened)
            return opened;
    server.server_settings.edit<AccessLogSettings>().usual =
        std::make_shared<const LogFormat>(std::move(*compiled));
    return {};
}

Status check_folder(const AccessLog& log, const config::Configuration& configuration) {
    if (is_program(log)) return {};
    const std::string path = path_of(log, configuration);
    const std::string folder = path.substr(0, path.rfind('/') + 1);
    struct stat status {};
    int code = stat_path(folder.c_str(), status);
    if (code == 0 && !S_ISDIR(status.st_mode)) code = ENOTDIR;
    if (code == 0) return {};
    return Error{fmt::format("({}){}: AH02297: Cannot access directory '{}' for log file '{}' "
                             "defined at {}:{}",
                             code, std::strerror(code), folder, log.target,
                             log.place.file ? *log.place.file : std::string(), log.place.line),
                 code};
}

} // namespace

Status check_log_folders(const config::Configuration& configuration) {
    for (const auto& server : configuration.servers)
        for (const auto& log : server->of<AccessLogSettings>().logs)
            if (auto checked = check_folder(*log, configuration); !checked) return checked;
    return {};
}

Status open_access_logs(config::Configuration& configuration, LogPrograms& programs) {
    for (auto& server : configuration.servers)
        if (auto opened = open_logs_of(*server, configuration, programs); !opened) return opened;
    config::merge_servers(configuration);
    return {};
}

} // namespace preforkd::logging
