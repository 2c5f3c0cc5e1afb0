#include "control/child_end.h"

#include <csignal>
#include <fmt/format.h>

#include "child/main_log.h"
#include "config/process_settings.h"
#include "os/clock.h"
#include "os/signals.h"
#include "pool/exit_status.h"

namespace preforkd {

namespace {

std::string core_directory(const config::Configuration& configuration) {
    const auto& said =
        configuration.main_server().of<config::ProcessSettings>().core_dump_directory;
    return said.empty() ? configuration.server_root : said;
}

void log_signal(const config::Configuration& configuration, const EndedProcess& ended) {
    const std::string signal = describe_signal(ended.signal);
    std::string text =
        ended.dumped_core
            ? fmt::format("AH00051: child pid {} exit signal {} ({}), possible coredump in {}",
                          ended.pid, signal, ended.signal, core_directory(configuration))
            : fmt::format("AH00052: child pid {} exit signal {} ({})", ended.pid, signal,
                          ended.signal);
    write_main_log(configuration, {.module = "core", .level = log::Level::notice, .text = text});
}

} // namespace

bool is_unexpected(const ChildRecord& child, const EndedProcess& ended) {
    if (child.told_to_end) return false;
    return ended.signal != 0 || ended.exit_status != pool::exit_done;
}

std::string describe_last_work(const pool::Slot& slot) {
    const auto state = slot.state.load();
    if (state == pool::ChildState::ready || state == pool::ChildState::starting) return {};
    const double seconds =
        static_cast<double>(microseconds_since_1970() - slot.started_at.load()) / 1e6;
    return fmt::format("client {}, {}, \"{}\" for {:.1f} seconds, handler {}", slot.client.view(),
                       slot.server.view(), slot.request.view(), seconds,
                       slot.protocol_handler.view());
}

// Apache says the second line of children that end after a restart and have no slot. Its readers
// take it for the mark of every unexpected death, so that is what it is here.
void log_child_end(const config::Configuration& configuration, const ChildRecord& child,
                   const EndedProcess& ended, const pool::Slot& slot) {
    if (!is_unexpected(child, ended)) return;
    if (ended.signal != 0) log_signal(configuration, ended);
    std::string text = fmt::format("AH00167: long lost child came home! (pid {})", ended.pid);
    if (ended.signal == 0) text += fmt::format(", exit status {}", ended.exit_status);
    if (const auto work = describe_last_work(slot); !work.empty()) text += ", was serving " + work;
    write_main_log(configuration,
                   {.module = "mpm_prefork", .level = log::Level::warn, .text = text});
}

} // namespace preforkd
