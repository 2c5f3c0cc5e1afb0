// Setting options of sockets. Private to net/. What a socket refuses it does without.
#pragma once

#include <sys/socket.h>
#include <sys/time.h>

#include "os/deadline.h"

namespace preforkd::net {

inline void set_option(int socket, int level, int option, int value) {
    ::setsockopt(socket, level, option, &value, sizeof value);
}

// SO_SNDTIMEO of a connection. A write into a full buffer waits in the kernel so long, which is
// enough for most clients; poll(2) waits for the others, and it, unlike the kernel's sendfile,
// which begins the time anew for each page, is exact.
constexpr Duration usual_send_timeout = std::chrono::milliseconds(100);

// SO_RCVTIMEO or SO_SNDTIMEO; zero waits for ever.
inline void set_timeout(int socket, int option, Duration timeout) {
    const struct timeval value {
        static_cast<time_t>(timeout.count() / 1000000),
            static_cast<suseconds_t>(timeout.count() % 1000000)
    };
    ::setsockopt(socket, SOL_SOCKET, option, &value, sizeof value);
}

} // namespace preforkd::net
