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

// "client 127.0.0.1:4711, www.example.com, \"GET /x HTTP/1.1\" for 0.3 seconds": what a child was
// doing when it ended, from its slot; empty if it was doing nothing. Cleaned by the error log.
std::string describe_last_work(const pool::Slot& slot);

void log_child_end(const config::Configuration& configuration, const ChildRecord& child,
                   const EndedProcess& ended, const pool::Slot& slot);

} // namespace preforkd
