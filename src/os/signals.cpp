#include "os/signals.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <ucontext.h>

namespace preforkd {

SignalQueue::SignalQueue(std::initializer_list<int> signals) {
    ::sigemptyset(&signals_);
    ::sigemptyset(&ends_);
    for (const int number : signals) {
        ::sigaddset(&signals_, number);
        if (number == SIGTERM || number == SIGINT) ::sigaddset(&ends_, number);
    }
    ::sigprocmask(SIG_BLOCK, &signals_, nullptr);
}

std::optional<int> SignalQueue::wait(Deadline deadline) const {
    constexpr struct timespec at_once {};
    for (;;) {
        if (const int end = ::sigtimedwait(&ends_, nullptr, &at_once); end > 0) return end;
        const auto left = deadline.remaining().count();
        const struct timespec patience {
            static_cast<time_t>(left / 1000000), static_cast<long>(left % 1000000 * 1000)
        };
        const int number = ::sigtimedwait(&signals_, nullptr, &patience);
        if (number > 0) return number;
        if (errno != EINTR) return std::nullopt;
    }
}

SignalsHeld::SignalsHeld() {
    sigset_t all;
    ::sigfillset(&all);
    ::sigprocmask(SIG_SETMASK, &all, &before_);
}

SignalsHeld::~SignalsHeld() { ::sigprocmask(SIG_SETMASK, &before_, nullptr); }

void unblock_all_signals() {
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

void reset_all_signals() {
    for (int number = 1; number < NSIG; ++number) default_signal(number);
    unblock_all_signals();
}

void handle_signal(int number, void (*handler)(int)) {
    struct sigaction action {};
    action.sa_handler = handler;
    ::sigemptyset(&action.sa_mask);
    ::sigaction(number, &action, nullptr);
}

void ignore_signal(int number) { handle_signal(number, SIG_IGN); }
void default_signal(int number) { handle_signal(number, SIG_DFL); }

namespace {

// Untouched, and so no memory, until a signal comes.
alignas(64) std::array<char, 64 * 1024> own_stack;
void (*handlers[NSIG])(const SignalFacts&);

std::uintptr_t place_of(const ucontext_t& context) {
#if defined(__x86_64__)
    return static_cast<std::uintptr_t>(context.uc_mcontext.gregs[REG_RIP]);
#elif defined(__aarch64__)
    return context.uc_mcontext.pc;
#else
    static_cast<void>(context);
    return 0;
#endif
}

void pass_on(int number, siginfo_t* information, void* context) {
    const int error = errno;
    SignalFacts facts{.number = number, .place = place_of(*static_cast<ucontext_t*>(context))};
    // Sent by a process, SIGSEGV has no address.
    if ((number == SIGSEGV || number == SIGBUS) && information->si_code > 0)
        facts.address = reinterpret_cast<std::uintptr_t>(information->si_addr);
    if (information->si_code == SI_QUEUE) {
        facts.queued_by = information->si_pid;
        facts.value = static_cast<std::uint32_t>(information->si_value.sival_int);
    }
    handlers[number](facts);
    errno = error;
}

void use_own_stack() {
    stack_t stack{};
    stack.ss_sp = own_stack.data();
    stack.ss_size = own_stack.size();
    ::sigaltstack(&stack, nullptr);
}

} // namespace

void handle_on_own_stack(int number, void (*handler)(const SignalFacts&)) {
    use_own_stack();
    handlers[number] = handler;
    struct sigaction action {};
    action.sa_sigaction = pass_on;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART;
    // Another handler might end the process before this one has said what happened.
    ::sigfillset(&action.sa_mask);
    ::sigaction(number, &action, nullptr);
}

// The signal is blocked while its handler runs; it is delivered when the handler returns, to the
// registers as they were, which a core file then shows.
void end_after(unsigned seconds) { ::alarm(seconds); }

void die_of_signal(int number) {
    default_signal(number);
    ::raise(number);
}

bool send_signal_with_value(pid_t process, int number, std::uint32_t value) {
    union sigval carried {};
    carried.sival_int = static_cast<int>(value);
    return ::sigqueue(process, number, carried) == 0;
}

std::string describe_signal(int number) {
    if (number == SIGABRT) return "Abort";
    if (number == SIGFPE) return "Arithmetic exception";
    return ::strsignal(number);
}

} // namespace preforkd
