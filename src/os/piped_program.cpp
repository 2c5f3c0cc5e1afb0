#include "os/piped_program.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "os/system_error.h"

namespace preforkd {

namespace {

struct LinePipe {
    UniqueFd reading, writing;
};

Result<LinePipe> make_pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return system_error("make", "pipe");
    return LinePipe{UniqueFd(ends[0]), UniqueFd(ends[1])};
}

// The program to run and its words; "$" asks for a shell, a second "|" says what is usual anyway.
std::vector<std::string> words_of(std::string_view command) {
    if (command.starts_with('|')) command.remove_prefix(1);
    if (!command.starts_with('$')) return split_command(command);
    return {"/bin/sh", "-c", std::string(command.substr(1))};
}

void forget_signal_handling() {
    for (int number = 1; number < NSIG; ++number) ::signal(number, SIG_DFL);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

// A log program that held the pipe of another one, or its own, open would keep it from ever
// reading its end.
void leave_pipe_on_standard_error() {
    struct stat what {};
    if (::fstat(STDERR_FILENO, &what) != 0 || !S_ISFIFO(what.st_mode)) return;
    const int null = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (null >= 0) ::dup2(null, STDERR_FILENO);
}

// In the forked process. Tells `failure` the errno if the program cannot be run; close-on-exec
// tells success.
[[noreturn]] void become_program(const std::vector<std::string>& words, int input, int failure) {
    std::vector<char*> arguments;
    for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    // Ctrl-C at the server's terminal must not cut off the last lines.
    ::setsid();
    forget_signal_handling();
    leave_pipe_on_standard_error();
    ::dup2(input, STDIN_FILENO);
    ::execv(arguments[0], arguments.data());
    const int code = errno;
    [[maybe_unused]] const auto written = ::write(failure, &code, sizeof code);
    ::_exit(127);
}

// 0 once the program runs.
int wait_for_exec(int news) {
    int code = 0;
    ssize_t count = 0;
    do {
        count = ::read(news, &code, sizeof code);
    } while (count < 0 && errno == EINTR);
    return count == static_cast<ssize_t>(sizeof code) ? code : 0;
}

} // namespace

std::vector<std::string> split_command(std::string_view command) {
    std::vector<std::string> words;
    bool in_word = false;
    char quote = 0;
    for (std::size_t i = 0; i < command.size(); ++i) {
        const char c = command[i];
        if (quote == 0 && is_space(c)) {
            in_word = false;
            continue;
        }
        if (!in_word) words.emplace_back();
        in_word = true;
        if (c == quote) quote = 0;
        else if (quote == 0 && (c == '"' || c == '\'')) quote = c;
        else if (c == '\\' && i + 1 < command.size()) words.back() += command[++i];
        else words.back() += c;
    }
    return words;
}

Result<std::unique_ptr<PipedProgram>> PipedProgram::start(const std::string& command) {
    auto pipe = make_pipe();
    if (!pipe) return pipe.error();
    std::unique_ptr<PipedProgram> program(new PipedProgram(command));
    program->reading_ = std::move(pipe->reading);
    program->writing_ = std::move(pipe->writing);
    if (auto spawned = program->spawn(); !spawned) return spawned.error();
    return program;
}

Status PipedProgram::spawn() {
    const auto words = words_of(command_);
    if (words.empty()) return Error{"AH00104: unable to start piped log program '': no program"};
    auto news = make_pipe();
    if (!news) return news.error();
    const pid_t pid = ::fork();
    if (pid < 0) return system_error("fork", "log program");
    if (pid == 0) become_program(words, reading_.get(), news->writing.get());
    news->writing.reset();
    if (const int code = wait_for_exec(news->reading.get()); code != 0) {
        ::waitpid(pid, nullptr, 0);
        return Error{"AH00104: unable to start piped log program '" + command_ +
                         "': " + std::strerror(code),
                     code};
    }
    pid_ = pid;
    return {};
}

UniqueFd PipedProgram::open_without_blocking() const {
    const std::string name = "/proc/self/fd/" + std::to_string(writing_.get());
    return UniqueFd(::open(name.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC));
}

void PipedProgram::let_go() {
    reading_.reset();
    writing_.reset();
}

Result<bool> PipedProgram::restart_if_ended() {
    // Either it is waited for now, or somebody who waits for every process did so before.
    const bool ended = pid_ == 0 || ::waitpid(pid_, nullptr, WNOHANG) != 0;
    if (!ended) return false;
    pid_ = 0;
    if (auto spawned = spawn(); !spawned) return spawned.error();
    return true;
}

} // namespace preforkd
