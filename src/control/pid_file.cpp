#include "control/pid_file.h"

#include "base/text.h"
#include "os/file.h"

namespace preforkd {

Result<PidFileWas> write_pid_file(const std::string& path, pid_t pid) {
    const auto before = read_whole_file(path);
    auto written = replace_file(path, std::to_string(pid) + "\n");
    if (!written) return written.error();
    const bool stale = before && parse_decimal(trim(*before)) != pid;
    return stale ? PidFileWas::stale : PidFileWas::absent;
}

void remove_pid_file(const std::string& path) { remove_file(path); }

void remove_pid_file_of(pid_t pid, const std::string& path) {
    const auto content = read_whole_file(path);
    if (content && parse_decimal(trim(*content)) == pid) remove_pid_file(path);
}

} // namespace preforkd
