#include "app/running_server.h"

#include <fmt/format.h>
#include <limits>

#include "base/text.h"
#include "os/file.h"
#include "os/process.h"

namespace preforkd {

RunningServer find_running_server(const std::string& pid_file) {
    RunningServer server;
    const auto content = read_whole_file(pid_file);
    if (!content) return server;
    const auto pid = parse_decimal(trim(*content));
    if (!pid || *pid < 2 || *pid > std::numeric_limits<pid_t>::max()) return server;
    server.pid = static_cast<pid_t>(*pid);
    // After a crash and a reboot the number may be this very process's.
    struct stat status {};
    server.exists = server.pid != current_process() &&
                    stat_path(fmt::format("/proc/{}", server.pid).c_str(), status) == 0;
    server.alive = server.pid != current_process() && send_signal(server.pid, 0);
    return server;
}

std::string RunningServer::status() const {
    if (pid == 0) return "(no pid file) not running";
    return alive ? fmt::format("(pid {}) already running", pid)
                 : fmt::format("(pid {}?) not running", pid);
}

} // namespace preforkd
