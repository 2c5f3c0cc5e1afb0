// Waiting for room in a pipe that does not block its writers.
#pragma once

#include <sys/types.h>

#include "os/deadline.h"

namespace preforkd {

// A pipe that nobody reads must not stop the process that opened it, who would have to start its
// reader again: it waits for a moment only, and after that not at all for a second. Processes that
// were forked from it wait for as long as it takes.
class PipeRoom {
  public:
    // `descriptor` outlives the object.
    explicit PipeRoom(int descriptor);
    // Whether to try again.
    bool operator()();

  private:
    int descriptor_;
    pid_t opener_;
    SteadyClock::time_point no_wait_before_{};
};

} // namespace preforkd
