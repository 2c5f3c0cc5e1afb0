#include "os/temporary_folder.h"

#include <filesystem>
#include <fmt/format.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "os/system_error.h"

namespace preforkd {

Result<TemporaryFolder> TemporaryFolder::create(std::string_view prefix) {
    std::error_code failed;
    const auto parent = std::filesystem::temp_directory_path(failed);
    std::string path =
        fmt::format("{}/{}-XXXXXX", failed ? std::string("/tmp") : parent.string(), prefix);
    if (!mkdtemp(path.data())) return system_error("make", path);
    if (chmod(path.c_str(), 0711) != 0) return system_error("chmod", path);
    return TemporaryFolder(std::move(path));
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code failed;
    if (!path_.empty()) std::filesystem::remove_all(path_, failed);
}

} // namespace preforkd
