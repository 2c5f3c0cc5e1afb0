#include "child/departure.h"

#include <csignal>

#include "os/process.h"
#include "os/signals.h"
#include "os/unique_fd.h"
#include "pool/exit_status.h"

namespace preforkd {

namespace {

// A signal handler has nothing else to know its process by.
volatile std::sig_atomic_t asked = 0;
volatile std::sig_atomic_t free_to_go = 0;
OnSignal on_signal = OnSignal::may_end_process;
std::span<const net::Listener> listeners;
std::span<void (*const)()> at_end;
const std::atomic<unsigned>* current_generation = nullptr;
unsigned own_generation = 0;
pool::AcceptMutex* inherited_mutex = nullptr;
pid_t control_process = 0;

// A child of the newest generation may be here before the others are told of it.
bool is_outdated() {
    return current_generation && static_cast<int>(current_generation->load() - own_generation) > 0;
}

void end_child() {
    for (auto* function : at_end) function();
    end_process(pool::exit_done);
}

void ask() {
    asked = 1;
    for (const auto& listener : listeners) forget_descriptor(listener.socket.get());
}

void leave_gently(int) {
    if (free_to_go && on_signal == OnSignal::may_end_process) end_child();
    ask();
}

void leave_now(int) {
    if (on_signal == OnSignal::only_asks && !asked) return ask();
    if (inherited_mutex && was_orphaned_by(control_process))
        inherited_mutex->control_process_ended();
    end_child();
}

} // namespace

void obey_departure_signals(std::span<const net::Listener> own_listeners,
                            std::span<void (*const)()> own_end, OnSignal how) {
    asked = 0;
    listeners = own_listeners;
    at_end = own_end;
    on_signal = how;
    handle_signal(SIGTERM, leave_now);
    handle_signal(SIGUSR1, leave_gently);
    // Meant for the control process, which passes on what concerns its children.
    ignore_signal(SIGHUP);
    ignore_signal(SIGWINCH);
    if (how == OnSignal::only_asks) handle_signal(SIGINT, leave_now);
    else ignore_signal(SIGINT);
    ignore_signal(SIGPIPE); // a client that went away is an errno, not an end
    default_signal(SIGCHLD);
    unblock_all_signals();
}

void depart_after_generation(const std::atomic<unsigned>& current, unsigned own) {
    current_generation = &current;
    own_generation = own;
}

void clear_up_if_orphaned(pool::AcceptMutex& mutex, pid_t parent) {
    control_process = parent;
    inherited_mutex = &mutex;
}

bool told_to_leave() { return asked || is_outdated(); }

FreeToGo::FreeToGo() { free_to_go = 1; }
FreeToGo::~FreeToGo() { free_to_go = 0; }

} // namespace preforkd
