#include "modules/connection/ssl/file_arguments.h"

#include <fmt/format.h>

#include "os/file.h"

namespace preforkd::ssl {

Result<std::string> present_file(const config::Invocation& invocation, const std::string& name) {
    std::string path = invocation.server_relative(name);
    struct stat found {};
    if (stat_path(path.c_str(), found) != 0 || !S_ISREG(found.st_mode) || found.st_size == 0)
        return Error{fmt::format("{}: file '{}' does not exist or is empty",
                                 invocation.directive.name, path)};
    return path;
}

Result<std::string> present_folder(const config::Invocation& invocation, const std::string& name) {
    std::string path = invocation.server_relative(name);
    struct stat found {};
    if (stat_path(path.c_str(), found) != 0 || !S_ISDIR(found.st_mode))
        return Error{
            fmt::format("{}: directory '{}' does not exist", invocation.directive.name, path)};
    return path;
}

bool exists(const std::string& path) {
    struct stat found {};
    return stat_path(path.c_str(), found) == 0;
}

} // namespace preforkd::ssl
