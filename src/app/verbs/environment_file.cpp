#include "app/verbs/environment_file.h"

#include <fmt/format.h>

#include "os/file.h"
#include "os/program.h"

namespace preforkd {

namespace {

constexpr std::string_view mark = "--environment-is-read";

} // namespace

void read_environment_from(const std::string& file, std::span<char* const> words) {
    struct stat status {};
    if (stat_path(file.c_str(), status) != 0) return;
    CommandWords command{
        "/bin/sh", "-c", ". \"$0\" && exec \"$@\"", file, own_program_file(), std::string(mark)};
    command.insert(command.end(), words.begin(), words.end());
    fmt::print(stderr, "preforkctl: {}\n", become_program(command).what);
}

bool take_environment_mark(std::span<char* const>& words) {
    if (words.empty() || words[0] != mark) return false;
    words = words.subspan(1);
    return true;
}

} // namespace preforkd
