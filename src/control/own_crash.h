// The crash of the control process itself, which ends the server: its last line in the log.
#pragma once

#include "config/configuration.h"

namespace preforkd {

// From now on a deadly signal is logged (AH00060), with the stack if EnableExceptionHook is on,
// before it ends this process. `configuration` is the one in use.
void log_own_crash(const config::Configuration& configuration);
// In a child, which inherits the handlers.
void forget_own_crash();

} // namespace preforkd
