#include "os/script_program.h"

#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

#include "os/process.h"
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

std::vector<char*> pointers_to(const std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    for (const std::string& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
    pointers.push_back(nullptr);
    return pointers;
}

// What the new process needs: made before it is, since after a fork no memory is asked for.
struct Plan {
    std::vector<char*> words, environment;
    const char* folder;
    const Identity* identity;
    int input, output, failure;
    bool is_quiet;
};

// In the new process, which is ours no longer: our signals and descriptors are not the program's.
[[noreturn]] void become(const Plan& plan) {
    unblock_all_signals();
    for (const int number : {SIGPIPE, SIGXFSZ}) default_signal(number);
    const int nothing = ::open("/dev/null", O_RDWR);
    ::dup2(plan.input >= 0 ? plan.input : nothing, STDIN_FILENO);
    ::dup2(plan.output, STDOUT_FILENO);
    if (plan.is_quiet) ::dup2(nothing, STDERR_FILENO);
    if (plan.identity && !preforkd::become(*plan.identity)) end_process(127);
    if (*plan.folder == '\0' || ::chdir(plan.folder) == 0)
        ::execve(plan.words[0], plan.words.data(), plan.environment.data());
    const int code = errno;
    [[maybe_unused]] const auto told = ::write(plan.failure, &code, sizeof code);
    end_process(127);
}

// 0 once the program runs.
int wait_for_exec(int news) {
    int code = 0;
    ssize_t count = 0;
    do count = ::read(news, &code, sizeof code);
    while (count < 0 && errno == EINTR);
    return count == static_cast<ssize_t>(sizeof code) ? code : 0;
}

void bury(pid_t pid) {
    while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
    }
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
    auto failure = Ends::open();
    if (!failure) return failure.error();
    const Plan plan{pointers_to(start.words), pointers_to(start.environment),
                    start.folder.c_str(),     start.identity,
                    input->reading.get(),     output->writing.get(),
                    failure->writing.get(),   start.is_quiet};
    const auto pid = fork_process();
    if (!pid) return pid.error();
    if (*pid == 0) become(plan);
    failure->writing.reset();
    if (const int code = wait_for_exec(failure->reading.get()); code != 0) {
        bury(*pid);
        errno = code;
        return system_error("run", start.words[0]);
    }

    return ScriptProgram(*pid, std::move(input->writing), std::move(output->reading));
}

ScriptProgram::ScriptProgram(pid_t pid, UniqueFd input, UniqueFd output)
    : pid_(pid), owner_(current_process()), input_(std::move(input)), output_(std::move(output)) {}

ScriptProgram::ScriptProgram(ScriptProgram&& other) noexcept
    : pid_(std::exchange(other.pid_, 0)), owner_(other.owner_), input_(std::move(other.input_)),
      output_(std::move(other.output_)), ended_(other.ended_) {}

ScriptProgram::~ScriptProgram() {
    if (pid_ == 0 || owner_ != current_process()) return;
    if (!ended_) ::kill(pid_, SIGTERM);
    input_.reset();
    output_.reset();
    bury(pid_);
}

void ScriptProgram::release() {
    if (pid_ != 0 && owner_ == current_process()) ::kill(pid_, SIGTERM);
    pid_ = 0;
    input_.reset();
    output_.reset();
}

// Waits for output where there is none.
Status ScriptProgram::take_output(const Taker& take) {
    char part[8192];
    ssize_t count = 0;
    do count = ::read(output_.get(), part, sizeof part);
    while (count < 0 && errno == EINTR);
    if (count < 0) return system_error("read", "what a program writes");
    ended_ = count == 0;
    return ended_ ? Status() : take({part, static_cast<std::size_t>(count)});
}

Status ScriptProgram::write_some(std::string_view& bytes) {
    const ssize_t count = ::write(input_.get(), bytes.data(), bytes.size());
    if (count >= 0) bytes.remove_prefix(static_cast<std::size_t>(count));
    else if (errno == EPIPE) input_.reset();
    else if (errno != EAGAIN && errno != EINTR) return system_error("write", "to a program");
    return {};
}

Status ScriptProgram::feed(std::string_view bytes, const Taker& take) {
    if (input_) ::fcntl(input_.get(), F_SETFL, O_NONBLOCK);
    while (!bytes.empty() && input_ && !ended_) {
        struct pollfd ends[] = {{output_.get(), POLLIN, 0}, {input_.get(), POLLOUT, 0}};
        if (::poll(ends, 2, -1) < 0) {
            if (errno == EINTR) continue;
            return system_error("wait for", "a program");
        }
        if (ends[0].revents != 0)
            if (auto taken = take_output(take); !taken) return taken;
        if (ends[1].revents != 0)
            if (auto written = write_some(bytes); !written) return written;
    }
    return {};
}

Status ScriptProgram::finish(const Taker& take) {
    input_.reset();
    while (!ended_)
        if (auto taken = take_output(take); !taken) return taken;
    return {};
}

} // namespace preforkd
