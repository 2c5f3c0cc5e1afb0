// preforkctl upgrade: the server that runs hands its listeners to the program as it is on disk now.
#pragma once

#include <string>
#include <string_view>
#include <sys/types.h>

#include "app/running_server.h"
#include "app/verbs/server_command.h"
#include "base/result.h"
#include "os/deadline.h"

namespace preforkd {

// Whether a process with this /proc/PID/status does something with signal `number`; otherwise the
// signal would end it.
bool handles_signal(std::string_view status, int number);

// The server that the pid file names once it is alive and not `old`, or when patience has ended.
RunningServer wait_for_successor(const std::string& pid_file, pid_t old, Duration patience);

// What to say of it: an Error unless it is a living successor.
Result<std::string> judge_successor(const RunningServer& found, pid_t old);

int upgrade_server(const ControlRequest& request);

} // namespace preforkd
