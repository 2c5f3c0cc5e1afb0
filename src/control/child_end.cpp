#include "control/child_end.h"

#include <algorithm>
#include <csignal>
#include <fmt/format.h>

#include "child/main_log.h"
#include "config/process_settings.h"
#include "os/clock.h"
#include "os/signals.h"
#include "os/stack_trace.h"
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

void log_warning(const config::Configuration& configuration, const std::string& text) {
    write_main_log(configuration,
                   {.module = "mpm_prefork", .level = log::Level::warn, .text = text});
}

// Seconds since `begin`, which the child wrote.
std::string time_since(std::int64_t begin) {
    constexpr double micros_per_second = 1e6;
    const auto now = static_cast<double>(microseconds_since_1970());
    return fmt::format("{:.1f} seconds", (now - static_cast<double>(begin)) / micros_per_second);
}

std::string describe_request(const pool::Slot& slot) {
    std::string text =
        fmt::format("serving client {}, {}, \"{}\" for {}", slot.client.view(), slot.server.view(),
                    slot.request.view(), time_since(slot.started_at));
    if (const auto handler = slot.protocol_handler.view(); !handler.empty())
        text += fmt::format(", handler {}", handler);
    if (const auto note = slot.note.view(); !note.empty()) text += fmt::format(" ({})", note);
    return text;
}

// Where the slot still tells of the request before, it is left out.
std::string describe_state(const pool::Slot& slot) {
    using pool::ChildState;
    switch (slot.state.load()) {
    case ChildState::reading:
        return fmt::format("reading a request of client {} for {}", slot.client.view(),
                           time_since(slot.state_since));
    case ChildState::keepalive:
        return fmt::format("waiting for another request of client {} for {}", slot.client.view(),
                           time_since(slot.finished_at));
    case ChildState::closing:
        return fmt::format("closing the connection of client {}", slot.client.view());
    case ChildState::writing:
    case ChildState::logging: return describe_request(slot);
    default: return {};
    }
}

void log_stack(const config::Configuration& configuration, pid_t pid,
               const pool::StackTrace& trace) {
    for (const auto& line : describe_stack(trace))
        log_warning(configuration, fmt::format("child {}: {}", pid, line));
}

void log_hanging_end(const config::Configuration& configuration, const EndedProcess& ended,
                     const pool::Slot& slot) {
    std::string text = fmt::format("RequestTerminateTimeout: child {} was ended, was {}", ended.pid,
                                   describe_last_work(slot));
    if (ended.signal == SIGKILL) text += "; it did not react and was killed";
    log_warning(configuration, text);
}

// Apache says the second line of children that end after a restart and have no slot. Its readers
// take it for the mark of every unexpected death, so that is what it is here.
void log_unexpected_end(const config::Configuration& configuration, const EndedProcess& ended,
                        const pool::Slot& slot) {
    if (ended.signal != 0) log_signal(configuration, ended);
    std::string text = fmt::format("AH00167: long lost child came home! (pid {})", ended.pid);
    if (ended.signal == 0) text += fmt::format(", exit status {}", ended.exit_status);
    if (const auto work = describe_last_work(slot); !work.empty()) text += ", was " + work;
    log_warning(configuration, text);
}

} // namespace

bool is_unexpected(const ChildRecord& child, const EndedProcess& ended) {
    if (child.told_to_end) return false;
    return ended.signal != 0 || ended.exit_status != pool::exit_done;
}

bool ended_for_hanging(const ChildRecord& child, const EndedProcess& ended) {
    using Stage = HangWatch::Stage;
    if (ended.exit_status == pool::exit_hung) return child.hang.stage != Stage::watched;
    return ended.signal == SIGKILL && child.hang.stage == Stage::killed;
}

std::string describe_last_work(const pool::Slot& slot) {
    const std::string state = describe_state(slot);
    if (state.empty()) return state;
    return state + fmt::format(", connection {}", slot.connections.load() + 1);
}

// The slot's words are a hostile child's, perhaps.
std::vector<std::string> describe_stack(const pool::StackTrace& trace) {
    std::vector<std::string> lines;
    const auto depth = std::min<std::size_t>(trace.depth, trace.frames.size());
    if (depth > 0 && trace.address != 0)
        lines.push_back(fmt::format("could not access {:#x}", trace.address.load()));
    for (std::size_t i = 0; i < depth; ++i) {
        const std::uintptr_t address = trace.frames[i];
        // All but the first are where a call returns to; the call itself stands before.
        lines.push_back(fmt::format("#{} {}", i, describe_code(i == 0 ? address : address - 1)));
    }
    return lines;
}

void log_child_end(const config::Configuration& configuration, const ChildRecord& child,
                   const EndedProcess& ended, const pool::Slot& slot) {
    if (ended_for_hanging(child, ended)) log_hanging_end(configuration, ended, slot);
    else if (is_unexpected(child, ended)) log_unexpected_end(configuration, ended, slot);
    else return;
    log_stack(configuration, ended.pid, slot.trace);
}

} // namespace preforkd
