// A listening socket.
#pragma once

#include "base/result.h"
#include "net/address.h"
#include "os/unique_fd.h"

namespace preforkd::net {

struct ListenOptions {
    int backlog = 511;
    bool defer_until_data = false; // TCP_DEFER_ACCEPT (Apache: AcceptFilter http data)
    int send_buffer_size = 0;      // 0: the system's
    int receive_buffer_size = 0;
};

struct Listener {
    UniqueFd socket;
    Address address;

    // Fails as Apache words it: "(98)Address already in use: AH00072: make_sock: could not bind to
    // address 0.0.0.0:80".
    static Result<Listener> open(const Address& address, const ListenOptions& options);
};

} // namespace preforkd::net
