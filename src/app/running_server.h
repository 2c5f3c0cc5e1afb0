// The server that runs already, as its pid file tells.
#pragma once

#include <string>
#include <sys/types.h>

namespace preforkd {

struct RunningServer {
    pid_t pid = 0;       // what the pid file says, 0 without one
    bool exists = false; // there is such a process
    bool alive = false;  // and this process may send it signals

    // "(pid 7) already running", "(pid 7?) not running", "(no pid file) not running"
    std::string status() const;
};

RunningServer find_running_server(const std::string& pid_file);

} // namespace preforkd
