// A program that a request starts: with an environment and a folder of its own, its output read as
// it comes. What it says on standard error goes where ours goes.
#pragma once

#include <span>
#include <string>
#include <sys/types.h>
#include <vector>

#include "base/result.h"
#include "os/program.h"
#include "os/unique_fd.h"

namespace preforkd {

class ScriptProgram {
  public:
    // `environment` in the form "NAME=value". Its standard input is empty.
    static Result<ScriptProgram> start(const CommandWords& words,
                                       const std::vector<std::string>& environment,
                                       const std::string& folder);
    ScriptProgram(ScriptProgram&& other) noexcept;
    ScriptProgram& operator=(ScriptProgram&&) = delete;
    // Ends a program that has not said all it had to say, and waits for its end.
    ~ScriptProgram();

    // Waits for output; 0 at its end.
    Result<std::size_t> read(std::span<char> into);

  private:
    ScriptProgram(pid_t pid, UniqueFd output) : pid_(pid), output_(std::move(output)) {}

    pid_t pid_;
    UniqueFd output_;
    bool ended_ = false;
};

} // namespace preforkd
