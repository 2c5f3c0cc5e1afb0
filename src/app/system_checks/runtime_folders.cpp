#include "app/system_checks/runtime_folders.h"

#include <fmt/format.h>

#include "config/process_settings.h"
#include "os/file.h"

namespace preforkd {

namespace {

Findings check_folder(const std::string& folder, std::string_view directive) {
    struct stat status {};
    if (stat_path(folder.c_str(), status) != 0 || !S_ISDIR(status.st_mode))
        return {{fmt::format("{}: there is no folder {}", directive, folder),
                 fmt::format("mkdir -p {} (below /run: 'systemd-tmpfiles --create', or "
                             "RuntimeDirectory= in the unit)",
                             folder)}};
    if (may_write(folder)) return {};
    return {{fmt::format("{}: the folder {} cannot be written", directive, folder),
             "start as root, or name a folder of this user"}};
}

} // namespace

Findings check_runtime_folders(const config::Configuration& configuration) {
    const auto& settings = configuration.main_server().of<config::ProcessSettings>();
    const std::string& file = settings.pid_file;
    const auto slash = file.rfind('/');
    const std::string folder = slash == 0 ? "/" : file.substr(0, slash);
    Findings found = check_folder(folder, "PidFile");
    if (settings.runtime_dir == folder) return found;
    for (auto& finding : check_folder(settings.runtime_dir, "DefaultRuntimeDir"))
        found.push_back(std::move(finding));
    return found;
}

} // namespace preforkd
