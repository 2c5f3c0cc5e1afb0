#include "os/signals.h"

#include <cerrno>
#include <cstring>
#include <ctime>

namespace preforkd {

SignalQueue::SignalQueue(std::initializer_list<int> signals) {
    ::sigemptyset(&signals_);
    for (const int number : signals) ::sigaddset(&signals_, number);
    ::sigprocmask(SIG_BLOCK, &signals_, nullptr);
}

std::optional<int> SignalQueue::wait(Deadline deadline) const {
    for (;;) {
        const auto left = deadline.remaining().count();
        const struct timespec patience {
            static_cast<time_t>(left / 1000000), static_cast<long>(left % 1000000 * 1000)
        };
        const int number = ::sigtimedwait(&signals_, nullptr, &patience);
        if (number > 0) return number;
        if (errno != EINTR) return std::nullopt;
    }
}

void unblock_all_signals() {
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

void handle_signal(int number, void (*handler)(int)) {
    struct sigaction action {};
    action.sa_handler = handler;
    ::sigemptyset(&action.sa_mask);
    ::sigaction(number, &action, nullptr);
}

void ignore_signal(int number) { handle_signal(number, SIG_IGN); }
void default_signal(int number) { handle_signal(number, SIG_DFL); }

std::string describe_signal(int number) {
    if (number == SIGABRT) return "Abort";
    if (number == SIGFPE) return "Arithmetic exception";
    return ::strsignal(number);
}

} // namespace preforkd
