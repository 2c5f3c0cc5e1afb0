#include "control/error_logs.h"

#include <cstring>
#include <fmt/format.h>
#include <map>

#include "config/merge_servers.h"
#include "config/process_settings.h"
#include "os/file.h"
#include "os/system_error.h"
#include "os/system_log.h"
#include "pipeline/host_settings.h"

namespace preforkd {

namespace {

using OpenedLog = std::shared_ptr<OpenErrorLog>;
using Opened = std::map<std::string, OpenedLog>;

std::string name_of_log(const config::Configuration& configuration, const config::Server& server) {
    const auto& said = server.of<HostSettings>().error_log;
    if (said) return *said;
    return configuration.main_server().of<config::ProcessSettings>().error_log;
}

Result<UniqueFd> open_file(const config::Configuration& configuration, const std::string& name) {
    const bool absolute = name.starts_with('/');
    const std::string path = absolute ? name : configuration.server_root + "/" + name;
    auto file = open_for_appending(path);
    if (file) return file;
    const int code = file.error().code;
    return Error{fmt::format("({}){}: AH00091: preforkd: could not open error log file {}.", code,
                             std::strerror(code), path),
                 code};
}

// "||program" and "|$program" differ only in whether a shell runs it, which the program's start
// finds out.
Result<OpenedLog> start_program(const std::string& command, LogPrograms& programs) {
    auto program = PipedProgram::start(command);
    if (!program) return program.error();
    UniqueFd descriptor = duplicate_descriptor((*program)->descriptor());
    if (!descriptor) return system_error("duplicate", "log pipe");
    programs.push_back(std::move(*program));
    return std::make_shared<OpenErrorLog>(std::move(descriptor),
                                          programs.back()->open_without_blocking());
}

Result<OpenedLog> open_log(const config::Configuration& configuration, const std::string& name,
                           LogPrograms& programs) {
    if (name.starts_with('|')) return start_program(name.substr(1), programs);
    auto file =
        name.starts_with("syslog") ? connect_to_system_log() : open_file(configuration, name);
    if (!file) return file.error();
    return std::make_shared<OpenErrorLog>(std::move(*file));
}

} // namespace

Result<LogPrograms> open_error_logs(config::Configuration& configuration) {
    Opened opened;
    LogPrograms programs;
    for (auto& server : configuration.servers) {
        const std::string name = name_of_log(configuration, *server);
        auto& log = opened[name];
        if (!log) {
            auto made = open_log(configuration, name, programs);
            if (!made) return made.error();
            log = std::move(*made);
        }
        server->server_settings.edit<HostSettings>().open_log = log;
    }
    config::merge_servers<HostSettings>(configuration, config::Merging::for_good);
    return programs;
}

} // namespace preforkd
