// What the service manager is told of the server (Apache: mod_systemd), and `systemctl status`
// shows: that it serves, reloads, why it did not, and its figures every ten seconds.
#pragma once

#include <string>
#include <string_view>
#include <sys/types.h>

#include "os/deadline.h"
#include "os/service_manager.h"
#include "pool/scoreboard.h"

namespace preforkd {

class ServiceReport {
  public:
    // Both outlive the report.
    ServiceReport(const ServiceManager& manager, const pool::Scoreboard& scoreboard);

    // Not said by a control process that takes over: the old one presents it.
    void started() const;
    void reloading() const;
    void reloaded();
    // The old configuration serves on because of `error`.
    void refused(std::string_view error);
    void stopping() const;
    void handed_over_to(pid_t successor) const;
    // To be called about once a second.
    void second_passed();

  private:
    const ServiceManager& manager_;
    const pool::Scoreboard& scoreboard_;
    std::string refusal_; // of the last reload, empty if it went well
    SteadyClock::time_point fed_watchdog_at_;
    SteadyClock::time_point told_status_at_;
};

// "Total requests: 7; Idle/Busy workers 80/20;Requests/sec: 0.7; Bytes served/sec: 512B/sec", with
// the workers in percent.
std::string status_text(const pool::Scoreboard& scoreboard, Duration uptime);

} // namespace preforkd
