// Children that get no further: those that somebody stopped, and those that work on one request for
// too long. Looked for once a second.
#pragma once

#include "control/child_table.h"
#include "control/generation.h"
#include "pool/scoreboard.h"

namespace preforkd {

// Notes in `table` who was stopped (SIGSTOP) and who goes on, and ends those that are in others'
// way.
void watch_for_stops(ChildTable& table, const pool::Scoreboard& board,
                     const Generation& generation);

// RequestTerminateTimeout.
void end_hanging_requests(ChildTable& table, const pool::Scoreboard& board);

} // namespace preforkd
