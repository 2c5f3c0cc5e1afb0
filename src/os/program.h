// Running other programs and waiting for their end.
#pragma once

#include <string>
#include <sys/types.h>
#include <vector>

#include "base/result.h"

namespace preforkd {

// Words as on a command line; the first names the program, looked for in PATH.
using CommandWords = std::vector<std::string>;

// For exec and its like: valid as long as `words`.
std::vector<char*> pointers_to(const CommandWords& words);

// Runs a program to its end with our input and output; answers its exit status, 128 and more for
// a signal.
Result<int> run_program(const CommandWords& words);
// The same, and nothing that it writes is seen.
Result<int> run_program_silently(const CommandWords& words);
// As run_program, and what it writes to standard output.
struct ProgramOutput {
    int status = 0;
    std::string text;
};
Result<ProgramOutput> output_of_program(const CommandWords& words);

// Starts a program that reads from `input` and writes to `output`, and goes on. Whoever starts it
// waits for its end.
Result<pid_t> start_program(const CommandWords& words, int input, int output);
Result<int> wait_for_program(pid_t program);

// Becomes another program. Returns only when that failed.
Error become_program(const CommandWords& words);

// Where this program's file is.
std::string own_program_file();
// The same, by the name it was started with if that tells a place: when the file is replaced, or a
// link points elsewhere, the new program stands under it.
std::string lasting_program_file(const std::string& started_as);

} // namespace preforkd
