#include "os/program.h"

#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "os/system_error.h"
#include "os/unique_fd.h"

extern char** environ;

namespace preforkd {

namespace {

class SpawnActions {
  public:
    SpawnActions() { posix_spawn_file_actions_init(&actions_); }
    SpawnActions(const SpawnActions&) = delete;
    SpawnActions& operator=(const SpawnActions&) = delete;
    ~SpawnActions() { posix_spawn_file_actions_destroy(&actions_); }

    void take_input_from(int descriptor) {
        posix_spawn_file_actions_adddup2(&actions_, descriptor, STDIN_FILENO);
    }
    void send_output_to(int descriptor) {
        posix_spawn_file_actions_adddup2(&actions_, descriptor, STDOUT_FILENO);
    }
    void discard_output() {
        for (const int descriptor : {STDOUT_FILENO, STDERR_FILENO})
            posix_spawn_file_actions_addopen(&actions_, descriptor, "/dev/null", O_WRONLY, 0);
    }
    const posix_spawn_file_actions_t* raw() const { return &actions_; }

  private:
    posix_spawn_file_actions_t actions_;
};

// What this process blocks or ignores is no affair of the program's.
class FreshSignals {
  public:
    FreshSignals() {
        posix_spawnattr_init(&attributes_);
        sigset_t signals;
        sigemptyset(&signals);
        posix_spawnattr_setsigmask(&attributes_, &signals);
        sigaddset(&signals, SIGPIPE);
        posix_spawnattr_setsigdefault(&attributes_, &signals);
        posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    }
    FreshSignals(const FreshSignals&) = delete;
    FreshSignals& operator=(const FreshSignals&) = delete;
    ~FreshSignals() { posix_spawnattr_destroy(&attributes_); }
    const posix_spawnattr_t* raw() const { return &attributes_; }

  private:
    posix_spawnattr_t attributes_;
};

Result<pid_t> spawn(const CommandWords& words, const SpawnActions& actions) {
    pid_t pid = 0;
    const auto pointers = pointers_to(words);
    const FreshSignals signals;
    errno = posix_spawnp(&pid, pointers[0], actions.raw(), signals.raw(), pointers.data(), environ);
    if (errno != 0) return system_error("run", words[0]);
    return pid;
}

std::string read_to_end(int descriptor) {
    std::string text;
    char part[4096];
    for (;;) {
        const ssize_t count = read(descriptor, part, sizeof part);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return text;
        text.append(part, static_cast<std::size_t>(count));
    }
}

} // namespace

std::vector<char*> pointers_to(const CommandWords& words) {
    std::vector<char*> pointers;
    for (const std::string& word : words) pointers.push_back(const_cast<char*>(word.c_str()));
    pointers.push_back(nullptr);
    return pointers;
}

Result<int> run_program(const CommandWords& words) {
    const auto pid = spawn(words, {});
    if (!pid) return pid.error();
    return wait_for_program(*pid);
}

Result<int> run_program_silently(const CommandWords& words) {
    SpawnActions actions;
    actions.discard_output();
    const auto pid = spawn(words, actions);
    if (!pid) return pid.error();
    return wait_for_program(*pid);
}

Result<ProgramOutput> output_of_program(const CommandWords& words) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return system_error("pipe", words[0]);
    const UniqueFd reading(ends[0]);
    UniqueFd writing(ends[1]);
    SpawnActions actions;
    actions.send_output_to(writing.get());
    const auto pid = spawn(words, actions);
    if (!pid) return pid.error();
    writing.reset();
    ProgramOutput output;
    output.text = read_to_end(reading.get());
    const auto status = wait_for_program(*pid);
    if (!status) return status.error();
    output.status = *status;
    return output;
}

Result<pid_t> start_program(const CommandWords& words, int input, int output) {
    SpawnActions actions;
    actions.take_input_from(input);
    actions.send_output_to(output);
    return spawn(words, actions);
}

Result<int> wait_for_program(pid_t program) {
    int status = 0;
    while (waitpid(program, &status, 0) < 0)
        if (errno != EINTR) return system_error("wait for", std::to_string(program));
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

Error become_program(const CommandWords& words) {
    execvp(words[0].c_str(), pointers_to(words).data());
    return system_error("run", words[0]);
}

std::string own_program_file() {
    char path[4096];
    const ssize_t size = readlink("/proc/self/exe", path, sizeof path);
    return size > 0 ? std::string(path, static_cast<std::size_t>(size)) : std::string();
}

std::string lasting_program_file(const std::string& started_as) {
    std::error_code failed;
    const bool tells_place = started_as.find('/') != std::string::npos;
    if (tells_place && std::filesystem::equivalent(started_as, "/proc/self/exe", failed))
        return std::filesystem::absolute(started_as, failed).string();
    return own_program_file();
}

} // namespace preforkd
