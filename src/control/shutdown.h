// The end of all children.
#pragma once

#include "control/child_pool.h"
#include "os/signals.h"

namespace preforkd {

// SIGTERM now, again after 3, 5 and 7 seconds, SIGKILL after 9; given up after 10.
void end_children(ChildPool& pool, const Generation& generation, const SignalQueue& signals);

// Idle children leave, busy ones finish what they have; after GracefulShutdownTimeout, or at a
// SIGTERM, as above.
void end_children_gracefully(ChildPool& pool, const Generation& generation,
                             const SignalQueue& signals);

} // namespace preforkd
