// What a child that crashes, or hangs and is told to end, leaves in its slot: its stack.
#pragma once

#include <sys/types.h>

#include "pool/scoreboard.h"

namespace preforkd {

// A deadly signal leaves the stack before the process dies of it (EnableExceptionHook).
// `slot` outlives the child, as below.
void trace_crashes(pool::Slot& slot);

// SIGUSR2 leaves the stack and ends the child. The control process sends it with the begin of the
// request that it means (the lower half of Slot::started_at): another one is spared.
void end_when_hung(pool::Slot& slot, pid_t control_process);

} // namespace preforkd
