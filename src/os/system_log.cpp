#include "os/system_log.h"

#include <cstring>
#include <sys/socket.h>
#include <sys/un.h>

#include "os/system_error.h"

namespace preforkd {

Result<UniqueFd> connect_to_system_log() {
    UniqueFd socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    if (!socket) return system_error("open", "socket");
    struct sockaddr_un address {};
    address.sun_family = AF_UNIX;
    std::strcpy(address.sun_path, "/dev/log");
    if (::connect(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
        return system_error("connect to", address.sun_path);
    return socket;
}

} // namespace preforkd
