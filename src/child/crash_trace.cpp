#include "child/crash_trace.h"

#include <algorithm>
#include <array>
#include <csignal>

#include "os/process.h"
#include "os/signals.h"
#include "os/stack_trace.h"
#include "pool/exit_status.h"

namespace preforkd {

namespace {

using pool::ChildState;
using pool::StackTrace;

// A signal handler has nothing else to know its process by.
pool::Slot* own_slot = nullptr;
pid_t parent = 0;

void leave_stack(const SignalFacts& facts) {
    StackTrace& trace = own_slot->trace;
    // A crash while the first was being traced tells nothing new.
    if (trace.signal.load() != 0) return;
    trace.signal = facts.number;
    trace.address = facts.address;
    std::array<std::uintptr_t, StackTrace::most_frames> frames;
    const auto depth = take_stack(facts.place, frames);
    std::copy_n(frames.begin(), depth, trace.frames.begin());
    trace.depth = static_cast<unsigned>(depth);
}

void crash(const SignalFacts& facts) {
    leave_stack(facts);
    die_of_signal(facts.number);
}

// Whether the control process means a request that is over by now.
bool came_too_late(const SignalFacts& facts) {
    if (facts.queued_by != parent) return false;
    const auto state = own_slot->state.load();
    return (state != ChildState::writing && state != ChildState::logging) ||
           facts.value != static_cast<std::uint32_t>(own_slot->started_at.load());
}

void end_hung(const SignalFacts& facts) {
    if (came_too_late(facts)) return;
    leave_stack(facts);
    end_process(pool::exit_hung);
}

} // namespace

void trace_crashes(pool::Slot& slot) {
    own_slot = &slot;
    for (const int number : {SIGSEGV, SIGBUS, SIGABRT, SIGILL, SIGFPE})
        handle_on_own_stack(number, crash);
}

void end_when_hung(pool::Slot& slot, pid_t control_process) {
    own_slot = &slot;
    parent = control_process;
    handle_on_own_stack(SIGUSR2, end_hung);
}

} // namespace preforkd
