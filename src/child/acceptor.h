// How a child gets its connections: it takes turns with its siblings and among its listeners.
#pragma once

#include <span>
#include <variant>

#include "net/listener.h"
#include "pool/accept_mutex.h"
#include "pool/exit_status.h"

namespace preforkd {

struct Arrival {
    UniqueFd socket;
    net::Address client;
    const net::Listener* listener;
};

// Why there will be no further connection. `code` is the errno to log, or 0.
struct NoArrival {
    pool::ExitStatus status = pool::exit_done;
    int code = 0;
};

class Acceptor {
  public:
    Acceptor(std::span<const net::Listener> listeners, pool::AcceptMutex* mutex)
        : listeners_(listeners), set_(listeners), mutex_(mutex) {}

    // Waits for a connection, or for the word to leave.
    std::variant<Arrival, NoArrival> next();

  private:
    const net::Listener* wait_for_turn();

    std::span<const net::Listener> listeners_;
    net::ListenerSet set_;
    pool::AcceptMutex* mutex_;
};

} // namespace preforkd
