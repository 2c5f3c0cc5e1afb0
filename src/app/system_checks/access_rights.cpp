#include "app/system_checks/access_rights.h"

#include <algorithm>

#include "os/file.h"

namespace preforkd {

bool may(const Identity& who, Right right, const struct stat& status) {
    if (who.uid == 0) return true;
    const auto bit = static_cast<mode_t>(right);
    if (status.st_uid == who.uid) return status.st_mode & (bit << 6);
    const bool member = status.st_gid == who.gid || std::find(who.groups.begin(), who.groups.end(),
                                                              status.st_gid) != who.groups.end();
    return status.st_mode & (member ? bit << 3 : bit);
}

std::string first_obstacle(const Identity& who, const std::string& path, Right last) {
    for (std::size_t end = 1; end != std::string::npos;) {
        const std::string folder = path.substr(0, end);
        struct stat status {};
        if (stat_path(folder.c_str(), status) != 0) return {};
        if (!may(who, Right::enter, status) && S_ISDIR(status.st_mode)) return folder;
        end = end < path.size() ? path.find('/', end + 1) : std::string::npos;
    }
    struct stat status {};
    if (stat_path(path.c_str(), status) != 0) return {};
    if (S_ISDIR(status.st_mode) && !may(who, Right::enter, status)) return path;
    return may(who, last, status) ? std::string() : path;
}

} // namespace preforkd
