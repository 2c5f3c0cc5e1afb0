#include "os/script_program.h"

#include <cerrno>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

#include "os/process.h"
#include "os/signals.h"
#include "os/system_error.h"

namespace preforkd {

namespace {

std::vector<char*> pointers_to(const std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    for (const std::string& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
    pointers.push_back(nullptr);
    return pointers;
}

// In the new process, which is ours no longer: our signals and descriptors are not the program's.
[[noreturn]] void become(char* const* words, char* const* environment, const char* folder,
                         int output) {
    unblock_all_signals();
    for (const int number : {SIGPIPE, SIGXFSZ}) default_signal(number);
    const int nothing = ::open("/dev/null", O_RDONLY);
    ::dup2(nothing, STDIN_FILENO);
    ::dup2(output, STDOUT_FILENO);
    if (::chdir(folder) == 0) ::execve(words[0], words, environment);
    end_process(127);
}

} // namespace

Result<ScriptProgram> ScriptProgram::start(const CommandWords& words,
                                           const std::vector<std::string>& environment,
                                           const std::string& folder) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return system_error("pipe", words[0]);
    UniqueFd reading(ends[0]);
    const UniqueFd writing(ends[1]);
    // Before the fork: after it no memory is asked for.
    const auto word_pointers = pointers_to(words), variable_pointers = pointers_to(environment);
    const auto pid = fork_process();
    if (!pid) return pid.error();
    if (*pid == 0)
        become(word_pointers.data(), variable_pointers.data(), folder.c_str(), writing.get());
    return ScriptProgram(*pid, std::move(reading));
}

ScriptProgram::ScriptProgram(ScriptProgram&& other) noexcept
    : pid_(std::exchange(other.pid_, 0)), output_(std::move(other.output_)), ended_(other.ended_) {}

ScriptProgram::~ScriptProgram() {
    if (pid_ == 0) return;
    if (!ended_) ::kill(pid_, SIGTERM);
    output_.reset();
    while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
}

Result<std::size_t> ScriptProgram::read(std::span<char> into) {
    for (;;) {
        const ssize_t count = ::read(output_.get(), into.data(), into.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return system_error("read", "what a program writes");
        if (count == 0) ended_ = true;
        return static_cast<std::size_t>(count);
    }
}

} // namespace preforkd
