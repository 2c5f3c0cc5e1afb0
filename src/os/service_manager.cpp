#include "os/service_manager.h"

#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/text.h"
#include "os/environment.h"

namespace preforkd {

namespace {

constexpr const char* notify_socket = "NOTIFY_SOCKET";
constexpr const char* watchdog_interval = "WATCHDOG_USEC";
constexpr int first_socket = 3; // SD_LISTEN_FDS_START
constexpr int most_sockets = 1024;

// Without a pid the variable is for whoever has it.
bool is_for_us(const std::string& pid) { return pid.empty() || parse_decimal(pid) == ::getpid(); }

Duration take_watchdog() {
    const auto interval = parse_decimal(take_from_environment(watchdog_interval));
    const bool ours = is_for_us(take_from_environment("WATCHDOG_PID"));
    return Duration(interval && ours ? *interval : 0);
}

std::vector<UniqueFd> take_sockets_from_environment() {
    const auto count = parse_decimal(take_from_environment("LISTEN_FDS"));
    const std::string pid = take_from_environment("LISTEN_PID");
    take_from_environment("LISTEN_FDNAMES");
    std::vector<UniqueFd> sockets;
    if (!count || *count > most_sockets || parse_decimal(pid) != ::getpid()) return sockets;
    for (int socket = first_socket; socket < first_socket + *count; ++socket)
        if (::fcntl(socket, F_SETFD, FD_CLOEXEC) == 0) sockets.emplace_back(socket);
    return sockets;
}

// 0 if the name does not fit. '@' stands for the NUL that begins an abstract name.
socklen_t fill_address(sockaddr_un& address, const std::string& name) {
    address = {};
    address.sun_family = AF_UNIX;
    if (name.size() >= sizeof address.sun_path) return 0;
    std::memcpy(address.sun_path, name.data(), name.size());
    const bool is_abstract = name[0] == '@';
    if (is_abstract) address.sun_path[0] = '\0';
    const std::size_t end = is_abstract ? 0 : 1;
    return static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size() + end);
}

} // namespace

ServiceManager ServiceManager::from_environment() {
    ServiceManager manager;
    manager.socket_ = take_from_environment(notify_socket);
    manager.watchdog_ = take_watchdog();
    manager.sockets_ = take_sockets_from_environment();
    return manager;
}

// Opened for each message: children inherit nothing, and there are few.
void ServiceManager::tell(std::string_view message) const {
    if (!listens()) return;
    sockaddr_un address;
    const socklen_t length = fill_address(address, socket_);
    const UniqueFd socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (length == 0 || !socket) return;
    ::sendto(socket.get(), message.data(), message.size(), MSG_NOSIGNAL,
             reinterpret_cast<const sockaddr*>(&address), length);
}

void ServiceManager::hand_over_in_environment() const {
    if (listens()) set_in_environment(notify_socket, socket_);
    if (watchdog_.count() > 0)
        set_in_environment(watchdog_interval, std::to_string(watchdog_.count()));
}

std::string monotonic_microseconds() {
    struct timespec now {};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return std::to_string(std::int64_t{now.tv_sec} * 1'000'000 + now.tv_nsec / 1000);
}

} // namespace preforkd
