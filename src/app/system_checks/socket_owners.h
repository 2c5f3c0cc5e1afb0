// Who listens on a port, as /proc tells.
#pragma once

#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

#include "net/address.h"

namespace preforkd {

struct ListeningSocket {
    std::string address; // packed form, 4 or 16 bytes
    unsigned short port = 0;
    std::string inode;
};

// /proc/net/tcp or /proc/net/tcp6.
std::vector<ListeningSocket> parse_listening_sockets(std::string_view table);

// Whether one stands in the way of the other: the same address, or all addresses.
bool overlap(std::string_view packed_a, std::string_view packed_b);

// Processes that hold a socket listening there, as far as this process may look.
std::vector<pid_t> owners_of(std::string_view packed_address, unsigned short port);

} // namespace preforkd
