// A program that a request starts: with an environment and a folder of its own, its output read as
// it comes, while what it is to read is written.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

#include "base/result.h"
#include "os/deadline.h"
#include "os/identity.h"
#include "os/program.h"
#include "os/resource_limit.h"
#include "os/unique_fd.h"

namespace preforkd {

// The variables that this process has, for a program that gets no others.
std::vector<std::string> inherited_environment();

struct ProgramLimit {
    Resource resource;
    ResourceLimit limit;
};

class ScriptProgram {
  public:
    // Where its standard error goes: where ours goes, nowhere, or to whoever listens.
    enum class Errors : unsigned char { ours, nowhere, heard };

    struct Start {
        CommandWords words;                   // the first is a file name
        std::vector<std::string> environment; // "NAME=value"
        std::string folder;                   // where it runs; "" for ours
        const Identity* identity = nullptr;   // whom it runs as; nullptr for who we are
        std::vector<ProgramLimit> limits = {};
        bool reads = false; // or its standard input is empty
        Errors errors = Errors::ours;
        Duration patience{}; // how long it may say nothing; zero for ever
        // The connection of whoever wants what it says. It goes on a little when the other end
        // sends no more, and not at all when there is none.
        int client = -1;
    };
    // Who is given the output. A failure ends the reading, and is passed on.
    using Taker = std::function<Status(std::string_view)>;
    struct Listener {
        Taker output;
        Taker errors = {};                 // for Errors::heard
        std::function<Status()> idle = {}; // it has said something, and nothing more for a moment
    };

    static Result<ScriptProgram> start(const Start& start);
    ScriptProgram(ScriptProgram&& other) noexcept;
    ScriptProgram& operator=(ScriptProgram&&) = delete;
    // In the process that started it: ends a program that goes on, gently at first, and waits for
    // its end.
    ~ScriptProgram();

    // Writes all of `bytes` to a program that reads, and takes what it says meanwhile. What it does
    // not want to read is dropped. ETIMEDOUT where its patience is over.
    Status feed(std::string_view bytes, const Listener& listener);
    // There is nothing more to read for it. Takes what it says up to its end.
    Status finish(const Listener& listener);

    // Closes our ends, and leaves the program to itself: it ends when nobody is left that has them.
    // Whoever waits for all children waits for it.
    void release();

    // Our ends of its standard input and output, as long as this lives; -1 for an input that it
    // has stopped reading.
    int input() const { return input_.get(); }
    int output() const { return output_.get(); }

  private:
    ScriptProgram(pid_t pid, UniqueFd input, UniqueFd output, UniqueFd errors, const Start& start);
    int milliseconds_to_wait(bool for_a_pause) const;
    Status look_after_client(short news);
    Status wait_for_news(std::string_view& bytes, const Listener& listener);
    Status take(UniqueFd& from, const Taker& taker);
    Status write_some(std::string_view& bytes);

    pid_t pid_;
    pid_t owner_;                      // the process that started it
    UniqueFd input_, output_, errors_; // our ends; closed at their ends
    Duration patience_;
    int client_;
    std::optional<Deadline> end_; // once the client sends no more
    bool owes_idle_ = false;      // it has said something since `idle` was called
};

} // namespace preforkd
