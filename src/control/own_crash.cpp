#include "control/own_crash.h"

#include <array>
#include <csignal>

#include "child/main_log.h"
#include "config/process_settings.h"
#include "os/signals.h"
#include "os/stack_trace.h"

namespace preforkd {

namespace {

constexpr std::array deadly_signals{SIGSEGV, SIGBUS, SIGABRT, SIGILL, SIGFPE};
constexpr unsigned most_seconds = 2;

// A signal handler has nothing else to know its process by.
const config::Configuration* in_use = nullptr;

void log_line(std::string_view text) {
    write_main_log(*in_use, {.module = "core", .level = log::Level::notice, .text = text});
}

void log_stack(const SignalFacts& facts) {
    std::array<std::uintptr_t, 48> frames;
    const auto depth = take_stack(facts.place, frames);
    for (std::size_t i = 0; i < depth; ++i)
        log_line("#" + std::to_string(i) + " " + describe_code(frames[i]));
}

// To write a log line takes memory, which the crash may have left in disorder: what then becomes
// of it must not keep the process from ending.
void crash(const SignalFacts& facts) {
    default_signal(SIGALRM);
    end_after(most_seconds);
    log_line("AH00060: seg fault or similar nasty error detected in the parent process");
    if (in_use->main_server().of<config::ProcessSettings>().exception_hook) log_stack(facts);
    die_of_signal(facts.number);
}

} // namespace

void log_own_crash(const config::Configuration& configuration) {
    in_use = &configuration;
    for (const int number : deadly_signals) handle_on_own_stack(number, crash);
}

void forget_own_crash() {
    for (const int number : deadly_signals) default_signal(number);
}

} // namespace preforkd
