#include <fmt/format.h>

#include "base/product.h"
#include "unit/modules/content/status/a_pool.h"

namespace preforkd::testing {

using pool::ChildState;

namespace {

class Metrics : public APool {
  protected:
    std::string text() { return status::metrics_text(count(), surroundings); }
};

} // namespace

TEST_F(Metrics, TellEveryNumber) {
    child(0, ChildState::ready);
    auto& slot = child(1, ChildState::writing, 2);
    slot.requests = 7;
    slot.bytes = 3000;
    slot.total_micros = 2'500'000;
    slot.cpu_user_ticks = 150;
    slot.cpu_system_ticks = 25;
    EXPECT_EQ(text(), fmt::format(R"(# TYPE preforkd_build info
# HELP preforkd_build The program that serves.
preforkd_build_info{{version="{}",mpm="prefork"}} 1
# TYPE preforkd_start_time_seconds gauge
# UNIT preforkd_start_time_seconds seconds
# HELP preforkd_start_time_seconds When the server was started.
preforkd_start_time_seconds 1795220490
# TYPE preforkd_restart_time_seconds gauge
# UNIT preforkd_restart_time_seconds seconds
# HELP preforkd_restart_time_seconds When the configuration at work was read.
preforkd_restart_time_seconds 1795220580
# TYPE preforkd_uptime_seconds gauge
# UNIT preforkd_uptime_seconds seconds
# HELP preforkd_uptime_seconds Time since the start.
preforkd_uptime_seconds 100
# TYPE preforkd_generation gauge
# HELP preforkd_generation Restarts since the start.
preforkd_generation 3
# TYPE preforkd_load gauge
# HELP preforkd_load Load average of the machine.
preforkd_load{{minutes="1"}} 0.5
preforkd_load{{minutes="5"}} 1
preforkd_load{{minutes="15"}} 2
# TYPE preforkd_children gauge
# HELP preforkd_children Children by what they do.
preforkd_children{{state="starting"}} 0
preforkd_children{{state="ready"}} 1
preforkd_children{{state="reading"}} 0
preforkd_children{{state="writing"}} 1
preforkd_children{{state="keepalive"}} 0
preforkd_children{{state="logging"}} 0
preforkd_children{{state="dns"}} 0
preforkd_children{{state="closing"}} 0
preforkd_children{{state="graceful"}} 0
preforkd_children{{state="idle_kill"}} 0
# TYPE preforkd_children_leaving gauge
# HELP preforkd_children_leaving Busy children that leave after their connection.
preforkd_children_leaving 1
# TYPE preforkd_children_limit gauge
# HELP preforkd_children_limit MaxRequestWorkers.
preforkd_children_limit 3
# TYPE preforkd_children_cpu_seconds gauge
# UNIT preforkd_children_cpu_seconds seconds
# HELP preforkd_children_cpu_seconds Processor time of the latest child in each slot.
preforkd_children_cpu_seconds{{mode="user"}} 1.5
preforkd_children_cpu_seconds{{mode="system"}} 0.25
# TYPE preforkd_requests counter
# HELP preforkd_requests Requests answered.
preforkd_requests_total 7
# TYPE preforkd_sent_bytes counter
# UNIT preforkd_sent_bytes bytes
# HELP preforkd_sent_bytes Bytes sent to clients, with the heads.
preforkd_sent_bytes_total 3000
# TYPE preforkd_request_seconds counter
# UNIT preforkd_request_seconds seconds
# HELP preforkd_request_seconds Time spent on requests.
preforkd_request_seconds_total 2.5
# EOF
)",
                                  product::version));
}

TEST_F(Metrics, DoNotCountASlotWithoutAChild) {
    auto& slot = child(1, ChildState::writing);
    slot.pid = 0;
    EXPECT_NE(text().find("{state=\"writing\"} 0\n"), std::string::npos);
}

} // namespace preforkd::testing
