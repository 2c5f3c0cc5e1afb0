// A program that a request starts: with an environment and a folder of its own, its output read as
// it comes, while what it is to read is written.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

#include "base/result.h"
#include "os/identity.h"
#include "os/program.h"
#include "os/unique_fd.h"

namespace preforkd {

// The variables that this process has, for a program that gets no others.
std::vector<std::string> inherited_environment();

class ScriptProgram {
  public:
    struct Start {
        CommandWords words;                   // the first is a file name
        std::vector<std::string> environment; // "NAME=value"
        std::string folder;                   // where it runs; "" for ours
        const Identity* identity = nullptr;   // whom it runs as; nullptr for who we are
        bool reads = false;                   // or its standard input is empty
        bool is_quiet = false; // nobody sees its standard error; otherwise it goes where ours goes
    };
    // Who is given the output. A failure ends the reading, and is passed on.
    using Taker = std::function<Status(std::string_view)>;

    static Result<ScriptProgram> start(const Start& start);
    ScriptProgram(ScriptProgram&& other) noexcept;
    ScriptProgram& operator=(ScriptProgram&&) = delete;
    // In the process that started it: ends a program that has not said all it had to say, and waits
    // for its end.
    ~ScriptProgram();

    // Writes all of `bytes` to a program that reads, and takes what it says meanwhile. What it does
    // not want to read is dropped.
    Status feed(std::string_view bytes, const Taker& take);
    // There is nothing more to read for it. Takes what it says up to its end.
    Status finish(const Taker& take);

    // In the process that started it: tells it to end, and leaves the waiting to whoever waits for
    // all children.
    void release();

    // Our ends of its standard input and output, as long as this lives.
    int input() const { return input_.get(); }
    int output() const { return output_.get(); }

  private:
    ScriptProgram(pid_t pid, UniqueFd input, UniqueFd output);
    Status take_output(const Taker& take);
    Status write_some(std::string_view& bytes);

    pid_t pid_;
    pid_t owner_;             // the process that started it
    UniqueFd input_, output_; // our ends
    bool ended_ = false;
};

} // namespace preforkd
