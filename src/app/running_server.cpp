#include "app/running_server.h"

#include <fmt/format.h>
#include <limits>

#include "app/process_table.h"
#include "base/product.h"
#include "base/text.h"
#include "os/file.h"
#include "os/process.h"

namespace preforkd {

namespace {

// Process 1 is the server's in a container alone; elsewhere nobody may signal it by mistake.
bool is_some_init(long long pid) {
    if (pid != 1) return false;
    const auto process = find_process(1);
    return !process || process->name != product::name;
}

} // namespace

RunningServer find_running_server(const std::string& pid_file) {
    RunningServer server;
    const auto content = read_whole_file(pid_file);
    if (!content) return server;
    const auto pid = parse_decimal(trim(*content));
    if (!pid || *pid < 1 || *pid > std::numeric_limits<pid_t>::max() || is_some_init(*pid))
        return server;
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
