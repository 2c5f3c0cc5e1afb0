// Signals: waiting for them in the control process, reacting to them in children.
#pragma once

#include <initializer_list>
#include <optional>
#include <signal.h>
#include <string>

#include "os/deadline.h"

namespace preforkd {

// Signals that are held back until somebody waits for them. The control process takes its signals
// this way: no handler runs, so nothing can happen at a bad moment.
class SignalQueue {
  public:
    // Blocks `signals` for this process and the children it forks.
    explicit SignalQueue(std::initializer_list<int> signals);

    // The next signal, or nothing once the deadline has passed.
    std::optional<int> wait(Deadline deadline) const;

  private:
    sigset_t signals_;
};

// Lets every signal through again; a forked child calls it once its handlers are set.
void unblock_all_signals();

// `handler` interrupts system calls (EINTR): none is restarted.
void handle_signal(int number, void (*handler)(int));
void ignore_signal(int number);
void default_signal(int number);

// "Segmentation fault", in the words of Apache's log lines.
std::string describe_signal(int number);

} // namespace preforkd
