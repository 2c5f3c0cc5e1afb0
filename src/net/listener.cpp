#include "net/listener.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/socket_option.h"
#include "os/system_error.h"

namespace preforkd::net {

namespace {

// "(98)Address already in use: AH00072: …", with the errno of the call that just failed.
Error listen_error(std::string_view text, const Address& address) {
    const int code = errno;
    std::string what = "(" + std::to_string(code) + ")" + std::strerror(code) + ": ";
    what.append(text).append(" ").append(address.text());
    return {std::move(what), code};
}

// Clients that know nothing of several paths are served all the same, and so are all where the
// system does not.
UniqueFd open_socket(int family, bool multipath) {
    constexpr int kind = SOCK_STREAM | SOCK_CLOEXEC;
    if (multipath)
        if (UniqueFd socket(::socket(family, kind, IPPROTO_MPTCP)); socket) return socket;
    return UniqueFd(::socket(family, kind, 0));
}

void set_options(int socket, const ListenOptions& options) {
    set_option(socket, SOL_SOCKET, SO_KEEPALIVE, 1);
    set_option(socket, IPPROTO_TCP, TCP_NODELAY, 1);
    set_option(socket, IPPROTO_TCP, TCP_DEFER_ACCEPT, options.defer_accept);
    if (options.send_buffer_size > 0)
        set_option(socket, SOL_SOCKET, SO_SNDBUF, options.send_buffer_size);
    if (options.receive_buffer_size > 0)
        set_option(socket, SOL_SOCKET, SO_RCVBUF, options.receive_buffer_size);
    set_timeout(socket, SO_RCVTIMEO, options.receive_timeout);
    set_timeout(socket, SO_SNDTIMEO, usual_send_timeout);
    const int flags = ::fcntl(socket, F_GETFL);
    ::fcntl(socket, F_SETFL, options.non_blocking ? flags | O_NONBLOCK : flags & ~O_NONBLOCK);
}

} // namespace

Result<Listener> Listener::open(const Address& address, const ListenOptions& options) {
    sockaddr_storage system;
    const socklen_t length = address.to_system(system);
    UniqueFd socket = open_socket(system.ss_family, options.multipath);
    if (!socket) return listen_error("make_sock: could not open a socket for address", address);
    set_option(socket.get(), SOL_SOCKET, SO_REUSEADDR, 1);
    if (options.share_port) set_option(socket.get(), SOL_SOCKET, SO_REUSEPORT, 1);
    if (options.before_address_exists) set_option(socket.get(), SOL_IP, IP_FREEBIND, 1);
    if (address.is_ipv6())
        set_option(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, options.ipv6_only ? 1 : 0);
    set_options(socket.get(), options);
    if (::bind(socket.get(), reinterpret_cast<sockaddr*>(&system), length) != 0)
        return listen_error("AH00072: make_sock: could not bind to address", address);
    if (::listen(socket.get(), options.backlog) != 0)
        return listen_error("AH00073: make_sock: unable to listen for connections on address",
                            address);
    const Address bound = address.port() == 0 ? local_address_of(socket.get()) : address;
    return Listener{std::move(socket), bound, options.receive_timeout};
}

Result<Listener> Listener::open_on_any_address(unsigned short port, const ListenOptions& options) {
    auto both = open(*Address::parse("::", port), options);
    if (both) return both;
    auto ipv4 = open(*Address::parse("0.0.0.0", port), options);
    if (ipv4) return ipv4;
    return Error{both.error().what + "\n" + ipv4.error().what, ipv4.error().code};
}

Result<Listener> Listener::adopt(UniqueFd socket) {
    int listens = 0;
    socklen_t length = sizeof listens;
    if (::getsockopt(socket.get(), SOL_SOCKET, SO_ACCEPTCONN, &listens, &length) != 0 || !listens)
        return Error{"not a listening socket", ENOTSOCK};
    const Address bound = local_address_of(socket.get());
    if (bound.packed().empty()) return Error{"not a TCP socket", EAFNOSUPPORT};
    return Listener{std::move(socket), bound};
}

void Listener::adjust(const ListenOptions& options) {
    set_options(socket.get(), options);
    receive_timeout = options.receive_timeout;
    ::listen(socket.get(), options.backlog);
}

bool Listener::is_wildcard() const {
    const auto packed = address.packed();
    return std::all_of(packed.begin(), packed.end(), [](char byte) { return byte == 0; });
}

Result<Listener> Listener::duplicate() const {
    UniqueFd copy = duplicate_descriptor(socket.get());
    if (!copy) return system_error("duplicate", "listening socket");
    return Listener{std::move(copy), address, receive_timeout, lent};
}

// Of a socket that listens, "unacked" is the length of its queue (tcp(7), TCP_INFO).
bool Listener::has_waiting() const {
    tcp_info info{};
    socklen_t size = sizeof info;
    return ::getsockopt(socket.get(), IPPROTO_TCP, TCP_INFO, &info, &size) == 0 &&
           info.tcpi_unacked > 0;
}

void Listener::stop_listening() const {
    if (!lent) ::shutdown(socket.get(), SHUT_RDWR);
}

Result<Accepted> accept_from(const Listener& listener) {
    sockaddr_storage system;
    socklen_t length = sizeof system;
    UniqueFd socket(::accept4(listener.socket.get(), reinterpret_cast<sockaddr*>(&system), &length,
                              SOCK_CLOEXEC));
    if (!socket) return system_error("accept", "connection");
    return Accepted{std::move(socket), Address::from_system(system)};
}

ListenerSet::ListenerSet(std::span<const Listener> listeners) : listeners_(listeners) {
    for (const auto& listener : listeners) wanted_.push_back({listener.socket.get(), POLLIN, 0});
}

const Listener* ListenerSet::wait_for_connection() {
    if (::poll(wanted_.data(), wanted_.size(), -1) < 0) return nullptr;
    for (std::size_t i = 0; i < wanted_.size(); ++i) {
        const std::size_t index = (next_ + i) % wanted_.size();
        if (wanted_[index].revents == 0) continue;
        next_ = index + 1;
        return &listeners_[index];
    }
    return nullptr;
}

Address local_address_of(int socket) {
    sockaddr_storage system{};
    socklen_t length = sizeof system;
    ::getsockname(socket, reinterpret_cast<sockaddr*>(&system), &length);
    return Address::from_system(system);
}

} // namespace preforkd::net
