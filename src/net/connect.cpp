#include "net/connect.h"

#include <sys/socket.h>

#include "net/socket_option.h"
#include "os/system_error.h"

namespace preforkd::net {

Result<UniqueFd> connect_to(const Address& address, Duration patience) {
    sockaddr_storage system;
    const socklen_t length = address.to_system(system);
    UniqueFd socket(::socket(system.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!socket) return system_error("socket", address.text());
    // Linux ends a connect() after the time for sending, too.
    set_timeout(socket.get(), SO_SNDTIMEO, patience);
    set_timeout(socket.get(), SO_RCVTIMEO, patience);
    if (::connect(socket.get(), reinterpret_cast<sockaddr*>(&system), length) != 0)
        return system_error("connect to", address.text());
    return socket;
}

} // namespace preforkd::net
