// A program that reads a log on its standard input (Apache: piped logs).
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

#include "base/result.h"
#include "os/unique_fd.h"

namespace preforkd {

// The pipe outlives the program: when it dies, whoever holds the descriptor goes on writing, and
// the program that is started in its place reads what was written meanwhile.
class PipedProgram {
  public:
    // `command` is what follows the first "|" in the configuration: "program arguments" or
    // "|program arguments", run as it is, or "$command", run by /bin/sh. Fails where the program
    // cannot be run.
    static Result<std::unique_ptr<PipedProgram>> start(const std::string& command);

    // The program reads on until every process has closed the pipe, and so loses no line.
    ~PipedProgram() = default;
    PipedProgram(const PipedProgram&) = delete;
    PipedProgram& operator=(const PipedProgram&) = delete;

    // For writing; close-on-exec. Inherited by children that are forked.
    int descriptor() const { return writing_.get(); }
    // The same end of the pipe, opened once more so that a full pipe does not block; nothing where
    // the system cannot do that.
    UniqueFd open_without_blocking() const;
    pid_t pid() const { return pid_; }
    const std::string& command() const { return command_; }

    // In a forked child, which writes to the log by a descriptor of the log's own: closes both
    // ends.
    void let_go();

    // Somebody has waited for a process that ended: from now on its number may be another's.
    void process_ended(pid_t pid) {
        if (pid == pid_) pid_ = 0;
    }
    // Starts the program again if it ended. Answers whether it did. Run by the process that started
    // it.
    Result<bool> restart_if_ended();

  private:
    explicit PipedProgram(std::string command) : command_(std::move(command)) {}
    Status spawn();

    std::string command_;
    UniqueFd reading_;
    UniqueFd writing_;
    pid_t pid_ = 0;
};

// The programs behind the piped logs of one configuration, as long as it is in use.
using LogPrograms = std::vector<std::unique_ptr<PipedProgram>>;

// The words of a command: separated by blanks, quoted with ' or ", a backslash takes the special
// meaning of the next character away.
std::vector<std::string> split_command(std::string_view command);

} // namespace preforkd
