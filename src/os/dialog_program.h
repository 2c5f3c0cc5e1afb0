// A program that is told things on its standard input, and answers on its standard output, a line
// each.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <sys/types.h>

#include "base/result.h"
#include "os/program.h"
#include "os/unique_fd.h"

namespace preforkd {

class DialogProgram {
  public:
    static Result<std::unique_ptr<DialogProgram>> start(const CommandWords& words);
    // Lets the program read its end, and waits until it has ended.
    ~DialogProgram();
    DialogProgram(const DialogProgram&) = delete;
    DialogProgram& operator=(const DialogProgram&) = delete;

    // A program that does not listen may answer all the same.
    void say(std::string_view text);
    // Without its newline. Waits as long as it takes; fails at the end of the output.
    Result<std::string> next_line();

  private:
    DialogProgram() = default;

    UniqueFd writing_;
    UniqueFd reading_;
    pid_t pid_ = 0;
};

// A line from a descriptor, read byte by byte so that what follows it is left there.
Result<std::string> read_line(int descriptor);

} // namespace preforkd
