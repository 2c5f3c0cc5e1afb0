// The command line: httpd's options.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "base/log.h"

namespace preforkd {

enum class Action : unsigned char {
    run,
    check,           // -t
    dump,            // -S, -M, -D DUMP_…
    version,         // -v
    build_settings,  // -V
    list_modules,    // -l
    list_directives, // -L
};

// -k; `start` is also what happens without it.
enum class Command : unsigned char { start, restart, graceful, graceful_stop, stop };

struct CommandLine {
    Action action = Action::run;
    Command command = Command::start;
    std::optional<std::string> server_root; // -d
    std::optional<std::string> file;        // -f
    std::vector<std::string> defines;       // -D
    std::vector<std::string> before;        // -C
    std::vector<std::string> after;         // -c
    std::optional<log::Level> start_level;  // -e
    std::optional<std::string> error_file;  // -E
    bool check_document_roots = true;       // -T
    bool one_process = false;               // -X

    bool defined(std::string_view name) const;
    bool stays_in_foreground() const;
    // Of what is said while no LogLevel counts yet.
    log::Level message_level() const { return start_level.value_or(log::Level::warn); }
};

// What to print on standard error before the usage; empty for the usage alone.
struct UsageError {
    std::string reason;
};

// `arguments` without the program's name.
std::variant<CommandLine, UsageError> parse_command_line(std::span<char* const> arguments);

std::string usage_text();

} // namespace preforkd
