#include "net/tcp_stream.h"

#include <algorithm>
#include <cerrno>
#include <poll.h>
#include <sys/sendfile.h>
#include <sys/uio.h>

#include "net/socket_option.h"
#include "os/system_error.h"

namespace preforkd::net {

namespace {

// Coarse steps, so that "five seconds from now" stays the same number from request to request.
constexpr Duration step = std::chrono::milliseconds(100);

Duration rounded_up(Duration wait) { return (wait + step - Duration(1)) / step * step; }

// Of a wait for poll(2); one that has no end is a long one.
int milliseconds_of(Duration wait) {
    constexpr Duration longest = std::chrono::hours(24);
    return static_cast<int>(std::min(wait, longest) / std::chrono::milliseconds(1));
}

// On a blocking socket, EAGAIN says that its timeout has passed.
bool timed_out(int code) { return code == EAGAIN || code == EWOULDBLOCK; }

Error time_is_up(std::string_view what) {
    errno = ETIMEDOUT;
    return system_error(what, "connection");
}

} // namespace

TcpStream::TcpStream(UniqueFd socket, Duration receive_timeout, const Pressure& pressure)
    : socket_(std::move(socket)), receive_timeout_(receive_timeout), pressure_(pressure) {}

Result<std::size_t> TcpStream::read(std::span<char> into, Deadline deadline) {
    for (bool exactly = false;; exactly = true) {
        const Duration left = one_wait(rounded_up(deadline.remaining()));
        if (left == Duration::zero()) return read_what_is_there(into);
        // A shorter timeout will do: most clients answer within it, and the others cost a round.
        const bool shorter = receive_timeout_ > Duration::zero() && receive_timeout_ < left;
        if (exactly || !shorter) wait_at_most(left);
        const ssize_t count = ::recv(socket_.get(), into.data(), into.size(), 0);
        if (count >= 0) return static_cast<std::size_t>(count);
        if (!timed_out(errno)) return system_error("read", "connection");
        if (is_pressed_after(receive_timeout_)) return time_is_up("read");
    }
}

// The deadline has passed, but what has arrived in time still counts.
Result<std::size_t> TcpStream::read_what_is_there(std::span<char> into) {
    const ssize_t count = ::recv(socket_.get(), into.data(), into.size(), MSG_DONTWAIT);
    if (count >= 0) return static_cast<std::size_t>(count);
    return timed_out(errno) ? time_is_up("read") : system_error("read", "connection");
}

Status TcpStream::write(std::string_view first, std::string_view second, Duration stall,
                        bool more) {
    struct iovec parts[2] = {{const_cast<char*>(first.data()), first.size()},
                             {const_cast<char*>(second.data()), second.size()}};
    struct msghdr message {};
    message.msg_iov = parts;
    message.msg_iovlen = second.empty() ? 1 : 2;
    const int flags = MSG_NOSIGNAL | (more ? MSG_MORE : 0);
    std::size_t left = first.size() + second.size();
    while (left > 0) {
        const ssize_t count = ::sendmsg(socket_.get(), &message, flags);
        if (count < 0) {
            if (auto waited = wait_to_write(errno, stall, "write"); !waited) return waited;
            continue;
        }
        left -= static_cast<std::size_t>(count);
        auto gone = static_cast<std::size_t>(count);
        for (auto& part : parts) {
            const std::size_t taken = std::min(gone, part.iov_len);
            part.iov_base = static_cast<char*>(part.iov_base) + taken;
            part.iov_len -= taken;
            gone -= taken;
        }
    }
    return {};
}

Status TcpStream::send_file(int file, off_t& offset, std::size_t length, Duration stall) {
    while (length > 0) {
        const ssize_t count = ::sendfile(socket_.get(), file, &offset, length);
        if (count < 0) {
            if (auto waited = wait_to_write(errno, stall, "send"); !waited) return waited;
            continue;
        }
        if (count == 0) return Error{"file became shorter while it was sent", EIO};
        length -= static_cast<std::size_t>(count);
    }
    return {};
}

void TcpStream::shut_down_writing() { ::shutdown(socket_.get(), SHUT_WR); }

Duration TcpStream::one_wait(Duration whole) const {
    const Duration most = pressure_.longest_wait;
    return most > Duration::zero() ? std::min(whole, most) : whole;
}

bool TcpStream::is_pressed_after(Duration waited) const {
    const Duration most = pressure_.longest_wait;
    return most > Duration::zero() && waited >= most && *pressure_.is_on;
}

Status TcpStream::wait_to_write(int code, Duration stall, std::string_view what) const {
    if (code == EINTR) return {};
    if (!timed_out(code)) return system_error(what, "connection");
    const auto deadline = Deadline::after(stall);
    struct pollfd writable {
        socket_.get(), POLLOUT, 0
    };
    for (;;) {
        const Duration left = one_wait(rounded_up(deadline.remaining()));
        const int count = ::poll(&writable, 1, milliseconds_of(left));
        if (count > 0) return {};
        if (count < 0 && errno != EINTR) return system_error(what, "connection");
        if (deadline.passed() || (count == 0 && is_pressed_after(left))) return time_is_up(what);
    }
}

void TcpStream::wait_at_most(Duration receive) {
    if (receive == receive_timeout_) return;
    set_timeout(socket_.get(), SO_RCVTIMEO, receive);
    receive_timeout_ = receive;
}

} // namespace preforkd::net
