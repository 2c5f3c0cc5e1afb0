// The system's log daemon (Apache: ErrorLog syslog).
#pragma once

#include "base/result.h"
#include "os/unique_fd.h"

namespace preforkd {

// Each write(2) to the descriptor is one message, of the daemon's default facility and priority.
Result<UniqueFd> connect_to_system_log();

} // namespace preforkd
