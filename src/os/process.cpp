#include "os/process.h"

#include <cerrno>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "os/signals.h"
#include "os/system_error.h"

namespace preforkd {

Result<pid_t> fork_process() {
    const pid_t pid = ::fork();
    if (pid < 0) return system_error("fork", "new process");
    return pid;
}

namespace {

// The process between: the orphan is one as soon as this has ended.
[[noreturn]] void fork_and_end(int tell, const std::function<void()>& run) {
    const pid_t pid = ::fork();
    if (pid == 0) run();
    const bool told = pid > 0 && ::write(tell, &pid, sizeof pid) == sizeof pid;
    ::_exit(told ? 0 : 1);
}

} // namespace

Result<pid_t> fork_orphan(const std::function<void()>& run) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return system_error("make", "pipe");
    const UniqueFd reading(ends[0]), writing(ends[1]);
    const pid_t between = ::fork();
    if (between < 0) return system_error("fork", "new process");
    if (between == 0) fork_and_end(writing.get(), run);
    while (::waitpid(between, nullptr, 0) < 0 && errno == EINTR) {
    }
    ::fcntl(reading.get(), F_SETFL, O_NONBLOCK);
    pid_t pid = 0;
    if (::read(reading.get(), &pid, sizeof pid) != sizeof pid)
        return Error{"fork new process: the system refused it"};
    return pid;
}

std::optional<EndedProcess> reap_ended_process() {
    int status = 0;
    const pid_t pid = ::waitpid(-1, &status, WNOHANG);
    if (pid <= 0) return std::nullopt;
    EndedProcess ended{.pid = pid};
    if (WIFSIGNALED(status)) {
        ended.signal = WTERMSIG(status);
        ended.dumped_core = WCOREDUMP(status);
    } else {
        ended.exit_status = WEXITSTATUS(status);
    }
    return ended;
}

std::optional<StopOrGo> next_stop_or_go() {
    siginfo_t news{};
    if (::waitid(P_ALL, 0, &news, WSTOPPED | WCONTINUED | WNOHANG) != 0 || news.si_pid == 0)
        return std::nullopt;
    return StopOrGo{.pid = news.si_pid, .stopped = news.si_code == CLD_STOPPED};
}

void end_process(int status) { ::_exit(status); }

pid_t current_process() { return ::getpid(); }

void begin_session() { ::setsid(); }

bool process_exists(pid_t process) { return ::kill(process, 0) == 0 || errno == EPERM; }

bool was_orphaned_by(pid_t parent) { return ::getppid() != parent; }

bool send_signal(pid_t process, int number) { return ::kill(process, number) == 0; }

bool end_with_parent(pid_t parent, int number) {
    ::prctl(PR_SET_PDEATHSIG, number);
    return ::getppid() == parent;
}

void allow_core_dumps(bool allowed) { ::prctl(PR_SET_DUMPABLE, allowed ? 1 : 0); }

void raise_core_limit() {
    struct rlimit limit {};
    if (::getrlimit(RLIMIT_CORE, &limit) != 0 || limit.rlim_cur > 0) return;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_CORE, &limit);
}

Status change_directory(const std::string& path) {
    if (::chdir(path.c_str()) != 0) return system_error("change to", path);
    return {};
}

void detach_standard_streams() {
    const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null < 0) return;
    ::dup2(null, STDIN_FILENO);
    ::dup2(null, STDOUT_FILENO);
    if (null > STDERR_FILENO) ::close(null);
}

void redirect_standard_error(int descriptor) {
    if (descriptor != STDERR_FILENO) ::dup2(descriptor, STDERR_FILENO);
}

Result<Pipe> Pipe::open() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return system_error("make", "pipe");
    Pipe pipe{UniqueFd(ends[0]), UniqueFd(ends[1])};
    ::fcntl(pipe.reading.get(), F_SETFL, O_NONBLOCK);
    return pipe;
}

Word hear_word(const Pipe& pipe) {
    char word = 0;
    const ssize_t count = ::read(pipe.reading.get(), &word, 1);
    if (count == 1) return Word::said;
    return count == 0 ? Word::never : Word::not_yet;
}

// Whoever was to hear it may be gone.
void say_word(int descriptor) {
    [[maybe_unused]] const ssize_t written = ::write(descriptor, "", 1);
}

namespace {

// Runs in the process that was started: ends as the daemon says.
[[noreturn]] void wait_for_word(int pipe) {
    char word = 0;
    ssize_t count = 0;
    do {
        count = ::read(pipe, &word, 1);
    } while (count < 0 && errno == EINTR);
    ::_exit(count == 1 ? 0 : 1);
}

} // namespace

Result<Daemon> Daemon::detach() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return system_error("make", "pipe");
    UniqueFd ours(ends[1]), theirs(ends[0]);
    const pid_t pid = ::fork();
    if (pid < 0) return system_error("fork", "new process");
    if (pid > 0) {
        ours.reset();
        wait_for_word(theirs.get());
    }
    ::setsid();
    detach_standard_streams();
    Daemon daemon;
    daemon.launcher_ = std::move(ours);
    return daemon;
}

void Daemon::ready() {
    say_word(launcher_.get());
    launcher_.reset();
}

namespace {

// A process in the background that hands on the terminal gets SIGTTOU unless it is blocked.
void give_terminal_to(pid_t group) {
    sigset_t output, before;
    ::sigemptyset(&output);
    ::sigaddset(&output, SIGTTOU);
    ::sigprocmask(SIG_BLOCK, &output, &before);
    ::tcsetpgrp(STDIN_FILENO, group);
    ::sigprocmask(SIG_SETMASK, &before, nullptr);
}

} // namespace

OwnProcessGroup::OwnProcessGroup() : owner_process_(::getpid()) {
    const pid_t before = ::getpgrp();
    if (before == owner_process_ || ::setpgid(0, 0) != 0) return;
    if (::tcgetpgrp(STDIN_FILENO) != before) return;
    terminal_owner_ = before;
    give_terminal_to(owner_process_);
}

OwnProcessGroup::~OwnProcessGroup() {
    if (terminal_owner_ != 0 && ::getpid() == owner_process_) give_terminal_to(terminal_owner_);
}

} // namespace preforkd
