#include "net/port_probe.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include "net/socket_option.h"
#include "os/system_error.h"
#include "os/unique_fd.h"

namespace preforkd::net {

Status try_to_bind(const Address& address, bool ipv6_only) {
    sockaddr_storage system;
    const socklen_t length = address.to_system(system);
    const UniqueFd socket(::socket(system.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!socket) return system_error("socket", address.text());
    set_option(socket.get(), SOL_SOCKET, SO_REUSEADDR, 1);
    if (address.is_ipv6()) set_option(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, ipv6_only ? 1 : 0);
    if (::bind(socket.get(), reinterpret_cast<sockaddr*>(&system), length) != 0)
        return system_error("bind", address.text());
    return {};
}

Status try_to_bind_any_address(unsigned short port, bool ipv6_only) {
    if (try_to_bind(*Address::parse("::", port), ipv6_only)) return {};
    return try_to_bind(*Address::parse("0.0.0.0", port), false);
}

} // namespace preforkd::net
