#include "os/dialog_program.h"

#include <cerrno>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "os/file.h"
#include "os/system_error.h"

namespace preforkd {

namespace {

// A pipe that nobody reads is no reason to die.
class WithoutPipeSignal {
  public:
    WithoutPipeSignal() : before_(::signal(SIGPIPE, SIG_IGN)) {}
    WithoutPipeSignal(const WithoutPipeSignal&) = delete;
    WithoutPipeSignal& operator=(const WithoutPipeSignal&) = delete;
    ~WithoutPipeSignal() { ::signal(SIGPIPE, before_); }

  private:
    void (*before_)(int);
};

} // namespace

Result<std::unique_ptr<DialogProgram>> DialogProgram::start(const CommandWords& words) {
    int told[2];
    int answered[2];
    if (::pipe2(told, O_CLOEXEC) != 0) return system_error("make", "pipe");
    UniqueFd program_reads(told[0]);
    UniqueFd writing(told[1]);
    if (::pipe2(answered, O_CLOEXEC) != 0) return system_error("make", "pipe");
    UniqueFd reading(answered[0]);
    UniqueFd program_writes(answered[1]);
    const auto pid = start_program(words, program_reads.get(), program_writes.get());
    if (!pid) return pid.error();
    std::unique_ptr<DialogProgram> program(new DialogProgram);
    program->writing_ = std::move(writing);
    program->reading_ = std::move(reading);
    program->pid_ = *pid;
    return program;
}

DialogProgram::~DialogProgram() {
    writing_.reset();
    reading_.reset();
    [[maybe_unused]] const auto status = wait_for_program(pid_);
}

void DialogProgram::say(std::string_view text) {
    const WithoutPipeSignal scope;
    [[maybe_unused]] const auto written = write_whole(writing_.get(), text);
}

Result<std::string> read_line(int descriptor) {
    std::string line;
    for (;;) {
        char c = 0;
        const ssize_t count = ::read(descriptor, &c, 1);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return system_error("read", "answer");
        if (count == 0 && line.empty()) return Error{"no answer"};
        if (count == 0 || c == '\n') return line;
        line += c;
    }
}

Result<std::string> DialogProgram::next_line() { return read_line(reading_.get()); }

} // namespace preforkd
