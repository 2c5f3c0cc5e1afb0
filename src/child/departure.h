// How a child learns that it must leave: SIGTERM means now, SIGUSR1 once the connection at hand is
// served, and so does a newer generation on the scoreboard.
#pragma once

#include <atomic>
#include <span>

#include "net/listener.h"
#include "pool/accept_mutex.h"

namespace preforkd {

// Whether signals may end the process at once, or only ask for its end (-X: the one process also
// has the control process's work to finish).
enum class OnSignal : unsigned char { may_end_process, only_asks };

// Takes over the signals. From then on a signal makes the process forget its `listeners`, so that
// an accept() that is just about to begin cannot miss it; where it ends the process, `at_end` runs
// before. What is given outlives the child.
void obey_departure_signals(std::span<const net::Listener> listeners,
                            std::span<void (*const)()> at_end, OnSignal on_signal);
void depart_after_generation(const std::atomic<unsigned>& current, unsigned own);

// SIGTERM also comes when the control process dies, which can then not clear up after itself.
void clear_up_if_orphaned(pool::AcceptMutex& mutex, pid_t control_process);

bool told_to_leave();

// While one of these lives, the process has no connection, and waits in a call that no signal
// interrupts (pthread_mutex_lock): SIGUSR1 ends it.
class FreeToGo {
  public:
    FreeToGo();
    FreeToGo(const FreeToGo&) = delete;
    FreeToGo& operator=(const FreeToGo&) = delete;
    ~FreeToGo();
};

} // namespace preforkd
