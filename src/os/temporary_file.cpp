#include "os/temporary_file.h"

#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <stdlib.h>
#include <unistd.h>

#include "os/system_error.h"

namespace preforkd {

Result<UniqueFd> make_temporary_file() {
    std::error_code failed;
    const auto parent = std::filesystem::temp_directory_path(failed);
    std::string path = fmt::format("{}/content-XXXXXX", failed ? "/tmp" : parent.string());
    UniqueFd file(mkostemp(path.data(), O_CLOEXEC));
    if (!file) return system_error("make", path);
    unlink(path.c_str());
    return file;
}

} // namespace preforkd
