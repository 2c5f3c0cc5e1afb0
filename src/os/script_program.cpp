#include "os/script_program.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <utility>

#include "os/process.h"
#include "os/program.h"
#include "os/signals.h"
#include "os/system_error.h"

extern char** environ;

namespace preforkd {

namespace {

struct Ends {
    UniqueFd reading, writing;
    static Result<Ends> open() {
        int ends[2];
        if (::pipe2(ends, O_CLOEXEC) != 0) return system_error("make", "a pipe");
        return Ends{UniqueFd(ends[0]), UniqueFd(ends[1])};
    }
};

// What the new process needs: made before it is, since it shares our memory until it is another
// program.
struct Plan {
    std::vector<char*> words, environment;
    const ScriptProgram::Start& start;
    int input, output, errors; // errors: -1 for ours
    volatile int failure = 0;  // why it could not be started
};

// In the new process, which is ours no longer: our signals and descriptors are not the program's.
[[noreturn]] void become(Plan& plan) {
    reset_all_signals();
    const int nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    ::dup2(plan.input >= 0 ? plan.input : nothing, STDIN_FILENO);
    ::dup2(plan.output, STDOUT_FILENO);
    if (plan.errors >= 0) ::dup2(plan.errors, STDERR_FILENO);
    for (const auto& [resource, limit] : plan.start.limits) set_resource_limit(resource, limit);
    const auto* identity = plan.start.identity;
    if (identity && !preforkd::become(*identity)) end_process(127);
    const auto& folder = plan.start.folder;
    if (folder.empty() || ::chdir(folder.c_str()) == 0)
        ::execve(plan.words[0], plan.words.data(), plan.environment.data());
    plan.failure = errno;
    end_process(127);
}

// Comes back when the new process is another program, or has ended: nothing of ours is copied.
pid_t start_process(Plan& plan) {
    const SignalsHeld held; // a handler would change our memory from within the other process
    const pid_t pid = ::vfork();
    if (pid == 0) become(plan);
    return pid;
}

void bury(pid_t pid) {
    while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
    }
}

// As long as Apache waits between SIGTERM and SIGKILL.
constexpr std::chrono::seconds last_grace(3);
constexpr std::chrono::milliseconds between_looks(5);
// Whoever says nothing for so long has said what he had to say for now.
constexpr std::chrono::milliseconds moment(50);

// A client that closes its connection looks like one that has only said all it wants to say.
constexpr std::chrono::seconds grace_without_client(5);

bool is_buried(pid_t pid) { return ::waitpid(pid, nullptr, WNOHANG) != 0; }

void end_gently(pid_t pid) {
    if (is_buried(pid)) return;
    ::kill(pid, SIGTERM);
    const auto end = Deadline::after(last_grace);
    while (end.remaining() > Duration::zero()) {
        if (is_buried(pid)) return;
        std::this_thread::sleep_for(between_looks);
    }
    ::kill(pid, SIGKILL);
    bury(pid);
}

} // namespace

std::vector<std::string> inherited_environment() {
    std::vector<std::string> variables;
    for (char** variable = environ; variable && *variable; ++variable)
        variables.emplace_back(*variable);
    return variables;
}

Result<ScriptProgram> ScriptProgram::start(const Start& start) {
    auto input = start.reads ? Ends::open() : Result<Ends>(Ends{});
    if (!input) return input.error();
    auto output = Ends::open();
    if (!output) return output.error();
    auto errors = start.errors == Errors::heard ? Ends::open() : Result<Ends>(Ends{});
    if (!errors) return errors.error();
    if (start.errors == Errors::nowhere)
        errors->writing.reset(::open("/dev/null", O_WRONLY | O_CLOEXEC));
    Plan plan{.words = pointers_to(start.words),
              .environment = pointers_to(start.environment),
              .start = start,
              .input = input->reading.get(),
              .output = output->writing.get(),
              .errors = errors->writing.get()};
    const pid_t pid = start_process(plan);
    if (pid < 0) return system_error("start", "a process");
    if (plan.failure != 0) {
        bury(pid);
        errno = plan.failure;
        return system_error("run", start.words[0]);
    }
    return ScriptProgram(pid, std::move(input->writing), std::move(output->reading),
                         std::move(errors->reading), start);
}

ScriptProgram::ScriptProgram(pid_t pid, UniqueFd input, UniqueFd output, UniqueFd errors,
                             const Start& start)
    : pid_(pid), owner_(current_process()), input_(std::move(input)), output_(std::move(output)),
      errors_(std::move(errors)), patience_(start.patience), client_(start.client) {}

ScriptProgram::ScriptProgram(ScriptProgram&& other) noexcept
    : pid_(std::exchange(other.pid_, 0)), owner_(other.owner_), input_(std::move(other.input_)),
      output_(std::move(other.output_)), errors_(std::move(other.errors_)),
      patience_(other.patience_), client_(other.client_), end_(other.end_) {}

ScriptProgram::~ScriptProgram() {
    if (pid_ == 0 || owner_ != current_process()) return;
    input_.reset();
    output_.reset();
    errors_.reset();
    end_gently(pid_);
}

void ScriptProgram::release() {
    pid_ = 0;
    input_.reset();
    output_.reset();
    errors_.reset();
}

Status ScriptProgram::take(UniqueFd& from, const Taker& taker) {
    char part[8192];
    ssize_t count = 0;
    do count = ::read(from.get(), part, sizeof part);
    while (count < 0 && errno == EINTR);
    if (count < 0) return system_error("read", "what a program writes");
    if (count == 0) from.reset();
    return count == 0 ? Status() : taker({part, static_cast<std::size_t>(count)});
}

Status ScriptProgram::write_some(std::string_view& bytes) {
    const ssize_t count = ::write(input_.get(), bytes.data(), bytes.size());
    if (count >= 0) bytes.remove_prefix(static_cast<std::size_t>(count));
    else if (errno == EPIPE) input_.reset();
    else if (errno != EAGAIN && errno != EINTR) return system_error("write", "to a program");
    return {};
}

// For poll(2).
int ScriptProgram::milliseconds_to_wait(bool for_a_pause) const {
    std::optional<Duration> wait;
    if (patience_ > Duration::zero()) wait = patience_;
    if (end_) wait = std::min(wait.value_or(grace_without_client), end_->remaining());
    if (for_a_pause) wait = moment;
    if (!wait) return -1;
    return static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(*wait).count());
}

Status ScriptProgram::look_after_client(short news) {
    if (news & (POLLERR | POLLHUP)) return Error{"the client is gone", ECONNRESET};
    if (news & POLLRDHUP) end_ = Deadline::after(grace_without_client);
    if (end_ && end_->remaining() <= Duration::zero())
        return Error{"the client is gone, it seems", ECONNRESET};
    return {};
}

// One wait, and what can be done after it.
Status ScriptProgram::wait_for_news(std::string_view& bytes, const Listener& listener) {
    struct pollfd ends[] = {{output_ ? output_.get() : -1, POLLIN, 0},
                            {errors_ ? errors_.get() : -1, POLLIN, 0},
                            {bytes.empty() || !input_ ? -1 : input_.get(), POLLOUT, 0},
                            {client_, static_cast<short>(end_ ? 0 : POLLRDHUP), 0}};
    const bool waits_for_pause = owes_idle_ && listener.idle;
    const int ready = ::poll(ends, 4, milliseconds_to_wait(waits_for_pause));
    if (ready < 0) return errno == EINTR ? Status() : system_error("wait for", "a program");
    if (ready == 0 && waits_for_pause) {
        owes_idle_ = false;
        return listener.idle();
    }
    if (auto there = look_after_client(ends[3].revents); !there) return there;
    if (ready == 0) return Error{"the program says nothing", ETIMEDOUT};
    if (ends[1].revents != 0)
        if (auto taken = take(errors_, listener.errors); !taken) return taken;
    if (ends[0].revents != 0) {
        owes_idle_ = true;
        if (auto taken = take(output_, listener.output); !taken) return taken;
    }
    return ends[2].revents != 0 ? write_some(bytes) : Status();
}

Status ScriptProgram::feed(std::string_view bytes, const Listener& listener) {
    if (input_) ::fcntl(input_.get(), F_SETFL, O_NONBLOCK);
    while (!bytes.empty() && input_ && output_)
        if (auto done = wait_for_news(bytes, listener); !done) return done;
    if (!bytes.empty()) input_.reset(); // who says no more reads no more
    return {};
}

Status ScriptProgram::finish(const Listener& listener) {
    input_.reset();
    std::string_view nothing;
    while (output_ || errors_)
        if (auto done = wait_for_news(nothing, listener); !done) return done;
    return {};
}

} // namespace preforkd
