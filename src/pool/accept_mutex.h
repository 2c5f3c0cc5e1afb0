// The accept mutex: with several listeners, only the child that holds it waits for a connection.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <sys/types.h>

#include "base/result.h"

namespace preforkd::pool {

// Made before the fork, shared by all children. A child that dies while it holds the mutex does
// not stop the others. Nothing of it has a name that could be left behind, but for sysvsem, whose
// leftovers the next server removes.
class AcceptMutex {
  public:
    virtual ~AcceptMutex() = default;
    // In each child after the fork, while it is still the superuser (a file lock needs a
    // descriptor of its own).
    virtual Status reopen_in_child() { return {}; }
    // Interrupted by a signal: answers false. Otherwise true once the mutex is held.
    virtual bool lock() = 0;
    virtual void unlock() = 0;
    // In the control process: a child has ended. Frees what the kernel does not free by itself.
    virtual void child_ended(pid_t) {}
    // In a child, also in a signal handler: the control process is no more. Removes what would
    // outlive the server.
    virtual void control_process_ended() {}
    virtual std::string_view mechanism() const = 0; // "pthread"
};

// `mechanism` as the Mutex directive takes it ("default" is pthread); nullptr for "none".
// `directory` holds the files of fcntl, flock and sysvsem. `owner` is the user whose processes
// lock.
Result<std::unique_ptr<AcceptMutex>> make_accept_mutex(std::string_view mechanism,
                                                       const std::string& directory, uid_t owner);

} // namespace preforkd::pool
