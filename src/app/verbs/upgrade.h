// preforkctl upgrade: the server that runs hands its listeners to the program as it is on disk now.
#pragma once

#include <string_view>

#include "app/complete_configuration.h"
#include "app/verbs/server_command.h"

namespace preforkd {

// Whether a process with this /proc/PID/status does something with signal `number`; otherwise the
// signal would end it.
bool handles_signal(std::string_view status, int number);

int upgrade_server(const ControlRequest& request);

} // namespace preforkd
