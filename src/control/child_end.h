// What a child's end tells the administrator.
#pragma once

#include <string>
#include <vector>

#include "config/configuration.h"
#include "control/child_table.h"
#include "os/process.h"
#include "pool/scoreboard.h"

namespace preforkd {

// Whether nobody asked for this end: a signal that we did not send, or a failure.
bool is_unexpected(const ChildRecord& child, const EndedProcess& ended);
// Whether RequestTerminateTimeout ended it.
bool ended_for_hanging(const ChildRecord& child, const EndedProcess& ended);

// What a child was doing when it ended, from its slot: client, virtual host, request line, how
// long, handler, and which of its connections that was. Empty if it was waiting for one. The error
// log makes it fit for a line.
std::string describe_last_work(const pool::Slot& slot);

// The stack that it left, one line a frame; nothing if it left none.
std::vector<std::string> describe_stack(const pool::StackTrace& trace);

void log_child_end(const config::Configuration& configuration, const ChildRecord& child,
                   const EndedProcess& ended, const pool::Slot& slot);

} // namespace preforkd
