// A listening socket, and the connections that come in through it.
#pragma once

#include <poll.h>
#include <span>
#include <vector>

#include "base/result.h"
#include "net/address.h"
#include "os/deadline.h"
#include "os/unique_fd.h"

namespace preforkd::net {

struct ListenOptions {
    int backlog = 511;
    // TCP_DEFER_ACCEPT: a connection is there once it has sent something, or after so many seconds.
    int defer_accept = 0;
    int send_buffer_size = 0; // 0: the system's
    int receive_buffer_size = 0;
    // Accepted sockets begin with it, so that most connections need no call to set it.
    Duration receive_timeout{};
    // accept() answers at once when there is no connection: for children that poll.
    bool non_blocking = false;
    bool ipv6_only = false; // "::" is not to serve IPv4, too
    // Other sockets of ours listen at the same address; the kernel chooses one for a connection.
    bool share_port = false;
    bool before_address_exists = false; // ip(7): IP_FREEBIND
    bool multipath = false;             // RFC 8684, where the system has it
};

struct Listener {
    UniqueFd socket;
    Address address;
    Duration receive_timeout{}; // what accepted sockets begin with
    bool lent = false;          // the service manager's, who goes on listening when we have ended

    // Fails as Apache words it: "(98)Address already in use: AH00072: make_sock: could not bind to
    // address 0.0.0.0:80".
    static Result<Listener> open(const Address& address, const ListenOptions& options);
    // "Listen 80": every address of both families, or of IPv4 where there is no IPv6.
    static Result<Listener> open_on_any_address(unsigned short port, const ListenOptions& options);

    // Takes a socket that another program has opened, if it listens for TCP connections.
    static Result<Listener> adopt(UniqueFd socket);

    // Takes over other options for a socket that stays open.
    void adjust(const ListenOptions& options);
    bool is_wildcard() const;
    // A second owner of the same socket.
    Result<Listener> duplicate() const;
    // Whether a connection is there that nobody has accepted.
    bool has_waiting() const;
    // No process that shares the socket can accept from it any more, unless it was lent: then
    // clients wait for the next one to take it.
    void stop_listening() const;
};

struct Accepted {
    UniqueFd socket;
    Address client;
};
// Takes the next connection; fails with the errno of accept().
Result<Accepted> accept_from(const Listener& listener);
// Several listeners at once.
class ListenerSet {
  public:
    explicit ListenerSet(std::span<const Listener> listeners);

    // Waits until a connection came in. Ready listeners take turns, so that a busy one does not
    // starve the others. nullptr when a signal came.
    const Listener* wait_for_connection();

  private:
    std::span<const Listener> listeners_;
    std::vector<struct pollfd> wanted_;
    std::size_t next_ = 0;
};

// Our end of a connection.
Address local_address_of(int socket);

} // namespace preforkd::net
