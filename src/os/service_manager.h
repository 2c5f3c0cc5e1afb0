// The service manager that started this process, systemd: telling it how we are, and taking what
// it hands over (sd_notify(3), sd_listen_fds(3), sd_watchdog_enabled(3)).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "os/deadline.h"
#include "os/unique_fd.h"

namespace preforkd {

class ServiceManager {
  public:
    // Takes its variables out of the environment: neither children nor programs that we start
    // shall speak in our name. Without them nobody listens.
    static ServiceManager from_environment();

    bool listens() const { return !socket_.empty(); }
    // Lines such as "READY=1\nSTATUS=…". A message that cannot be sent is lost: the service
    // manager must not make the server wait.
    void tell(std::string_view message) const;
    // Within this time it wants to hear WATCHDOG=1; zero if it does not.
    Duration watchdog() const { return watchdog_; }
    // Sockets that it opened for us.
    std::vector<UniqueFd> take_sockets() { return std::move(sockets_); }

    // For a process that takes our place: lets it find the same service manager.
    void hand_over_in_environment() const;

  private:
    std::string socket_; // path, or a name that begins with '@'
    Duration watchdog_{};
    std::vector<UniqueFd> sockets_;
};

// "12345", the clock that RELOADING=1 is to be stamped with.
std::string monotonic_microseconds();

} // namespace preforkd
