// A program that answers questions: a line to its standard input, a line from its standard output
// (Apache: RewriteMap prg:). One for all processes: each asks while the others wait.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "os/identity.h"
#include "os/process_locks.h"
#include "os/program.h"
#include "os/script_program.h"

namespace preforkd {

class QuestionProgram {
  public:
    // By the process that forks the others. `identity`: whom it runs as; nullptr for who we are.
    static Result<QuestionProgram> start(const CommandWords& words, const Identity* identity);

    QuestionProgram(QuestionProgram&&) = default;
    QuestionProgram& operator=(QuestionProgram&&) = delete;
    // It is asked on by processes that were forked before, and ends with the last of them.
    ~QuestionProgram() { program_.release(); }

    // `question` has no line end. Waits for the answer, and for the turn. Nothing where the program
    // has ended.
    std::optional<std::string> ask(std::string_view question) const;

  private:
    QuestionProgram(ScriptProgram program, ProcessLocks turn)
        : program_(std::move(program)), turn_(std::move(turn)) {}
    std::optional<std::string> read_answer() const;

    ScriptProgram program_;
    ProcessLocks turn_;
};

} // namespace preforkd
