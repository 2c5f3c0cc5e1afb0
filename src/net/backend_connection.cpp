#include "net/backend_connection.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/uio.h>
#include <sys/un.h>

#include "net/listener.h"
#include "net/socket_option.h"
#include "os/system_error.h"

namespace preforkd::net {

namespace {

// Most servers answer within it, and cost one call then.
constexpr Duration moment = std::chrono::milliseconds(100);

bool has_nothing_yet(int code) { return code == EAGAIN || code == EWOULDBLOCK || code == EINTR; }

void set_moments(int socket) {
    set_timeout(socket, SO_RCVTIMEO, moment);
    set_timeout(socket, SO_SNDTIMEO, moment);
}

Result<UniqueFd> make_socket(int family, const BackendOptions& options) {
    UniqueFd socket(::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!socket) return system_error("socket", "backend");
    // Linux ends a connect() after the time for sending, too.
    set_timeout(socket.get(), SO_SNDTIMEO, options.patience);
    if (options.receive_buffer > 0)
        set_option(socket.get(), SOL_SOCKET, SO_RCVBUF, options.receive_buffer);
    if (options.keep_alive) set_option(socket.get(), SOL_SOCKET, SO_KEEPALIVE, 1);
    return socket;
}

Status connect_socket(int socket, const void* address, socklen_t length) {
    if (::connect(socket, static_cast<const sockaddr*>(address), length) == 0) return {};
    if (errno == EINPROGRESS || errno == EAGAIN) errno = ETIMEDOUT;
    return system_error("connect to", "backend");
}

Result<std::size_t> received(ssize_t count) {
    if (count >= 0) return static_cast<std::size_t>(count);
    if (has_nothing_yet(errno)) return Error{{}, EAGAIN};
    return system_error("read from", "backend");
}

} // namespace

Result<BackendConnection> BackendConnection::open(const Address& address,
                                                  const BackendOptions& options) {
    sockaddr_storage system;
    const socklen_t length = address.to_system(system);
    auto socket = make_socket(system.ss_family, options);
    if (!socket) return socket.error();
    if (options.source) {
        sockaddr_storage source;
        const socklen_t size = options.source->to_system(source);
        if (::bind(socket->get(), reinterpret_cast<sockaddr*>(&source), size) != 0)
            return system_error("bind", "backend");
    }
    if (auto done = connect_socket(socket->get(), &system, length); !done) return done.error();
    set_option(socket->get(), IPPROTO_TCP, TCP_NODELAY, 1);
    set_moments(socket->get());
    BackendConnection connection(std::move(*socket));
    connection.source_port_ = local_address_of(connection.descriptor()).port();
    return connection;
}

Result<BackendConnection> BackendConnection::open_unix(const std::string& path,
                                                       const BackendOptions& options) {
    struct sockaddr_un address {};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        return system_error("connect to", path);
    }
    std::memcpy(address.sun_path, path.data(), path.size());
    auto socket = make_socket(AF_UNIX, options);
    if (!socket) return socket.error();
    if (auto done = connect_socket(socket->get(), &address, sizeof address); !done)
        return done.error();
    set_moments(socket->get());
    return BackendConnection(std::move(*socket));
}

Status BackendConnection::secure(const TlsContext& context, const std::string& host,
                                 const PeerChecks& checks, Duration patience) {
    auto tls = BackendTls::connect(socket_.get(), context, host, checks, Deadline::after(patience));
    if (!tls) return tls.error();
    tls_ = std::move(*tls);
    secured_for_ = host;
    return {};
}

// Bytes, or the end, can be read without waiting.
bool BackendConnection::has_news() const {
    char byte;
    const ssize_t count = ::recv(socket_.get(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return count >= 0 || !has_nothing_yet(errno);
}

Result<std::size_t> BackendConnection::receive(std::span<char> into) {
    if (tls_) return tls_->receive(into);
    return received(::recv(socket_.get(), into.data(), into.size(), 0));
}

Result<std::size_t> BackendConnection::receive_at_once(std::span<char> into) {
    if (tls_) {
        if (!tls_->has_pending() && !has_news()) return Error{{}, EAGAIN};
        return tls_->receive(into);
    }
    return received(::recv(socket_.get(), into.data(), into.size(), MSG_DONTWAIT));
}

Result<std::size_t> BackendConnection::send(std::string_view first, std::string_view second,
                                            bool more) {
    if (tls_) return tls_->send(first, second);
    struct iovec parts[2] = {{const_cast<char*>(first.data()), first.size()},
                             {const_cast<char*>(second.data()), second.size()}};
    struct msghdr message {};
    message.msg_iov = parts;
    message.msg_iovlen = second.empty() ? 1 : 2;
    const ssize_t count = ::sendmsg(socket_.get(), &message, MSG_NOSIGNAL | (more ? MSG_MORE : 0));
    if (count >= 0) return static_cast<std::size_t>(count);
    if (has_nothing_yet(errno)) return std::size_t{0};
    return system_error("write to", "backend");
}

bool BackendConnection::is_quiet() {
    if (!tls_ || !has_news()) return !has_news();
    // What TLS itself has to say meanwhile, a session ticket above all, is no answer.
    char byte;
    const auto count = receive_at_once({&byte, 1});
    return !count && count.error().code == EAGAIN;
}

Result<BackendConnection::News> BackendConnection::wait(int client, Client wanted,
                                                        Duration most) const {
    if (tls_ && tls_->has_pending()) return News{.readable = true};
    const auto others =
        static_cast<short>(POLLRDHUP | (wanted == Client::what_it_sends ? POLLIN : 0));
    struct pollfd ends[] = {{socket_.get(), POLLIN, 0}, {client, others, 0}};
    constexpr Duration longest = std::chrono::hours(24);
    const auto time = std::chrono::ceil<std::chrono::milliseconds>(std::min(most, longest));
    const int count = ::poll(ends, 2, static_cast<int>(time.count()));
    if (count < 0 && errno != EINTR) return system_error("wait for", "backend");
    if (count <= 0) return News{};
    News news;
    news.readable = ends[0].revents & (POLLIN | POLLHUP | POLLERR);
    news.client_sends_no_more = ends[1].revents & POLLRDHUP;
    news.client_is_gone = ends[1].revents & (POLLHUP | POLLERR);
    news.client_readable = ends[1].revents & POLLIN;
    return news;
}

} // namespace preforkd::net
