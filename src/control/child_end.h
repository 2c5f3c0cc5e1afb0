// What a child's end tells the administrator.
#pragma once

#include <string>

#include "config/configuration.h"
#include "control/child_table.h"
#include "os/process.h"
#include "pool/scoreboard.h"

namespace preforkd {

// Whether nobody asked for this end: a signal that we did not send, or a failure.
bool is_unexpected(const ChildRecord& child, const EndedProcess& ended);

// What a child was doing when it ended, from its slot: client, virtual host, request line, handler
// and how long. Empty if it was waiting. The error log makes it fit for a line.
std::string describe_last_work(const pool::Slot& slot);

void log_child_end(const config::Configuration& configuration, const ChildRecord& child,
                   const EndedProcess& ended, const pool::Slot& slot);

} // namespace preforkd
