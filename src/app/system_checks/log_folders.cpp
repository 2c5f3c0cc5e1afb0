#include "app/system_checks/log_folders.h"

#include <fmt/format.h>
#include <set>

#include "app/log_targets.h"
#include "app/system_checks/access_rights.h"
#include "config/process_settings.h"
#include "os/file.h"

namespace preforkd {

namespace {

std::string folder_of(const std::string& path) {
    const auto slash = path.rfind('/');
    return slash == 0 ? "/" : path.substr(0, slash);
}

// A log that is not there yet is made in its folder.
Findings check_writing(const std::string& path) {
    struct stat status {};
    const bool exists = stat_path(path.c_str(), status) == 0;
    const std::string subject = exists ? path : folder_of(path);
    if (may_write(subject)) return {};
    return {{fmt::format("log {}: {} cannot be written", path, exists ? "the file" : subject),
             fmt::format("start as root, or give this user the right to write to {}", subject)}};
}

// Logs are opened with root's rights: who can put a link in their place makes root write anywhere.
Findings check_owner(const std::string& path, const Identity& serving) {
    struct stat status {};
    if (stat_path(path.c_str(), status) != 0 || serving.uid == 0) return {};
    if (status.st_uid != serving.uid && !may(serving, Right::write, status)) return {};
    const bool folder = S_ISDIR(status.st_mode);
    return {{fmt::format("{} {} can be changed by User {}, as whom requests are served, while {}",
                         folder ? "log folder" : "log", path, serving.user,
                         folder ? "root opens the logs in it" : "it should tell the truth of it"),
             fmt::format("chown root {0} && chmod go-w {0}", path)}};
}

void append(Findings& all, Findings more) { all.insert(all.end(), more.begin(), more.end()); }

} // namespace

Findings check_log_folders_for_writing(const config::Configuration& configuration) {
    const auto& settings = configuration.main_server().of<config::ProcessSettings>();
    const auto serving = find_identity(settings.user, settings.group);
    Findings found;
    std::set<std::string> folders;
    for (const std::string& file : log_targets(configuration).files) {
        if (file == "/dev/null") continue;
        append(found, check_writing(file));
        if (!is_superuser() || !serving || file.starts_with("/dev/")) continue;
        append(found, check_owner(file, *serving));
        if (folders.insert(folder_of(file)).second)
            append(found, check_owner(folder_of(file), *serving));
    }
    return found;
}

} // namespace preforkd
