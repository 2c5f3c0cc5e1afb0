// Signals: waiting for them in the control process, reacting to them in children.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <signal.h>
#include <string>
#include <sys/types.h>

#include "os/deadline.h"

namespace preforkd {

// Signals that are held back until somebody waits for them. The control process takes its signals
// this way: no handler runs, so nothing can happen at a bad moment.
class SignalQueue {
  public:
    // Blocks `signals` for this process and the children it forks.
    explicit SignalQueue(std::initializer_list<int> signals);

    // The next signal, or nothing once the deadline has passed. SIGTERM and SIGINT come before all
    // others, which may be sent faster than they can be obeyed.
    std::optional<int> wait(Deadline deadline) const;

  private:
    sigset_t signals_;
    sigset_t ends_; // of these, SIGTERM and SIGINT
};

// While one of these lives, signals wait.
class SignalsHeld {
  public:
    SignalsHeld();
    SignalsHeld(const SignalsHeld&) = delete;
    SignalsHeld& operator=(const SignalsHeld&) = delete;
    ~SignalsHeld();

  private:
    sigset_t before_;
};

// Lets every signal through again; a forked child calls it once its handlers are set.
void unblock_all_signals();

// Every signal does what it does to a program that says nothing of it, and comes through. For a
// process that is about to be another program.
void reset_all_signals();

// `handler` interrupts system calls (EINTR): none is restarted.
void handle_signal(int number, void (*handler)(int));
void ignore_signal(int number);
void default_signal(int number);

// What a handler may know of its signal.
struct SignalFacts {
    int number = 0;
    std::uintptr_t address = 0; // that could not be touched (SIGSEGV, SIGBUS)
    std::uintptr_t place = 0;   // of the code that was interrupted, where the machine says
    pid_t queued_by = 0;        // who sent it with a value, or 0
    std::uint32_t value = 0;
};

// `handler` runs on a stack of its own, so that it also can when the usual one is full. System
// calls go on afterwards. A signal that comes while its handler runs, and is none that one can put
// off, ends the process.
void handle_on_own_stack(int number, void (*handler)(const SignalFacts&));
// For the handler of a deadly signal: once it returns, the process dies of the signal.
void die_of_signal(int number);
// SIGALRM comes after so many seconds.
void end_after(unsigned seconds);
// Sends a signal with a value that its handler can read.
bool send_signal_with_value(pid_t process, int number, std::uint32_t value);

// "Segmentation fault", in the words of Apache's log lines.
std::string describe_signal(int number);

} // namespace preforkd
