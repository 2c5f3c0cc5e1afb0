#include "modules/logging/log_target.h"

#include <cerrno>
#include <cstring>
#include <fmt/format.h>

#include "os/file.h"
#include "os/system_error.h"

namespace preforkd::logging {

namespace {

bool is_program(const std::string& target) { return target.starts_with('|'); }

std::string path_of(const std::string& target, const config::Configuration& configuration) {
    return target.starts_with('/') ? target : configuration.server_root + "/" + target;
}

Result<UniqueFd> start_program(const std::string& target, LogPrograms& programs) {
    auto program = PipedProgram::start(target.substr(1));
    if (!program) return program.error();
    UniqueFd descriptor = duplicate_descriptor((*program)->descriptor());
    if (!descriptor) return system_error("duplicate", "log pipe");
    programs.push_back(std::move(*program));
    return descriptor;
}

} // namespace

Result<UniqueFd> open_log_target(const std::string& target,
                                 const config::Configuration& configuration,
                                 LogPrograms& programs) {
    if (is_program(target)) return start_program(target, programs);
    const std::string path = path_of(target, configuration);
    auto file = open_for_appending(path);
    if (file) return file;
    const int code = file.error().code;
    return Error{fmt::format("({}){}: AH00649: could not open transfer log file {}.", code,
                             std::strerror(code), path),
                 code};
}

std::string folder_of(const std::string& path) { return path.substr(0, path.rfind('/') + 1); }

int LogFolders::look_at(const std::string& folder) {
    if (folder == found_) return 0;
    struct stat status {};
    const int code = stat_path(folder.c_str(), status);
    if (code != 0) return code;
    if (!S_ISDIR(status.st_mode)) return ENOTDIR;
    found_ = folder;
    return 0;
}

Status check_log_folder(LogFolders& folders, const std::string& target, const config::Place& place,
                        const config::Configuration& configuration) {
    if (is_program(target)) return {};
    const std::string folder = folder_of(path_of(target, configuration));
    const int code = folders.look_at(folder);
    if (code == 0) return {};
    return Error{fmt::format("({}){}: AH02297: Cannot access directory '{}' for log file '{}' "
                             "defined at {}:{}",
                             code, std::strerror(code), folder, target,
                             place.file ? *place.file : std::string(), place.line),
                 code};
}

} // namespace preforkd::logging
