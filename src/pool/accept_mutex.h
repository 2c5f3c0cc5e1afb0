// The accept mutex: with several listeners, only the child that holds it waits for a connection.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace preforkd::pool {

// Made before the fork, shared by all children. A child that dies while it holds the mutex does
// not stop the others.
class AcceptMutex {
  public:
    virtual ~AcceptMutex() = default;
    // In each child after the fork (file locks need a descriptor of its own).
    virtual Status reopen_in_child() { return {}; }
    // Interrupted by a signal: answers false. Otherwise true once the mutex is held.
    virtual bool lock() = 0;
    virtual void unlock() = 0;
    virtual std::string_view mechanism() const = 0; // "pthread"
};

// `mechanism` as the Mutex directive takes it ("default" is pthread); nullptr for "none".
// `directory` holds the lock files of fcntl and flock.
Result<std::unique_ptr<AcceptMutex>> make_accept_mutex(std::string_view mechanism,
                                                       const std::string& directory);

} // namespace preforkd::pool
