// Mutex: how children take turns.
#pragma once

#include "config/directive.h"

namespace preforkd {

// Mutex mechanism[:file] [default|name]… [OmitPID]
Status set_mutex(config::Invocation& invocation, config::Arguments arguments);

} // namespace preforkd
