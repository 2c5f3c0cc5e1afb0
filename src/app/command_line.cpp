#include "app/command_line.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "base/product.h"

namespace preforkd {

namespace {

constexpr std::string_view options_without_argument = "vVhlLtTSMX";
constexpr std::string_view options_with_argument = "DdfCckeE";

struct NamedCommand {
    std::string_view name;
    Command command;
};

constexpr std::array commands{
    NamedCommand{"start", Command::start},
    NamedCommand{"restart", Command::restart},
    NamedCommand{"graceful", Command::graceful},
    NamedCommand{"graceful-stop", Command::graceful_stop},
    NamedCommand{"stop", Command::stop},
};

// A dump is chosen by -D too, and outlives a -t before or after it.
void choose(CommandLine& line, Action action) {
    if (line.action != Action::dump || action != Action::check) line.action = action;
}

void define(CommandLine& line, const std::string& name) {
    line.defines.push_back(name);
    if (name == "DUMP_VHOSTS" || name == "DUMP_RUN_CFG" || name == "DUMP_MODULES" ||
        name == "DUMP_INCLUDES")
        choose(line, Action::dump);
    if (name == "DEBUG" || name == "ONE_PROCESS") line.one_process = true;
}

// Answers whether the option is known.
bool apply_option(CommandLine& line, char option) {
    switch (option) {
    case 'v': choose(line, Action::version); break;
    case 'V': choose(line, Action::build_settings); break;
    case 'l': choose(line, Action::list_modules); break;
    case 'L': choose(line, Action::list_directives); break;
    case 't': choose(line, Action::check); break;
    case 'T': line.check_document_roots = false; break;
    case 'X': define(line, "DEBUG"); break;
    case 'M': define(line, "DUMP_MODULES"); break;
    case 'S':
        define(line, "DUMP_VHOSTS");
        define(line, "DUMP_RUN_CFG");
        break;
    default: return false; // -h, too
    }
    return true;
}

bool set_command(CommandLine& line, const std::string& name) {
    const auto found = std::find_if(commands.begin(), commands.end(),
                                    [&](const NamedCommand& known) { return known.name == name; });
    if (found == commands.end()) return false;
    line.command = found->command;
    return true;
}

bool apply_option(CommandLine& line, char option, const std::string& argument) {
    switch (option) {
    case 'D': define(line, argument); break;
    case 'd': line.server_root = argument; break;
    case 'f': line.file = argument; break;
    case 'C': line.before.push_back(argument); break;
    case 'c': line.after.push_back(argument); break;
    case 'E': line.error_file = argument; break;
    case 'e': return (line.start_level = log::parse_level(argument)).has_value();
    default: return set_command(line, argument);
    }
    return true;
}

UsageError illegal(char option) {
    if (option == 'h' || option == 'e' || option == '?') return {};
    return {fmt::format("{}: illegal option -- {}", product::name, option)};
}

// What stands behind -k is read before other options are, as by Apache.
UsageError missing_argument(char option) {
    if (option == 'k') return illegal(option);
    return {fmt::format("{}: option requires an argument -- {}", product::name, option)};
}

// The arguments as getopt sees them: "-tD" "x" is "-t" "-D" "x", and "-Dx" is "-D" "x".
class OptionReader {
  public:
    explicit OptionReader(std::span<char* const> arguments) : arguments_(arguments) {}

    std::optional<UsageError> read_into(CommandLine& line) {
        for (; next_ < arguments_.size(); ++next_) {
            const std::string_view word = arguments_[next_];
            if (word.size() < 2 || word[0] != '-') return UsageError{};
            if (auto error = read_word(line, word.substr(1))) return error;
        }
        return std::nullopt;
    }

  private:
    std::optional<UsageError> read_word(CommandLine& line, std::string_view letters) {
        while (!letters.empty()) {
            const char option = letters[0];
            letters.remove_prefix(1);
            if (options_with_argument.find(option) != std::string_view::npos)
                return read_argument(line, option, letters);
            if (options_without_argument.find(option) == std::string_view::npos ||
                !apply_option(line, option))
                return illegal(option);
        }
        return std::nullopt;
    }

    std::optional<UsageError> read_argument(CommandLine& line, char option,
                                            std::string_view attached) {
        std::string argument(attached);
        if (argument.empty()) {
            if (++next_ == arguments_.size()) return missing_argument(option);
            argument = arguments_[next_];
        }
        if (!apply_option(line, option, argument)) return illegal(option);
        return std::nullopt;
    }

    std::span<char* const> arguments_;
    std::size_t next_ = 0;
};

} // namespace

bool CommandLine::defined(std::string_view name) const {
    return std::find(defines.begin(), defines.end(), name) != defines.end();
}

bool CommandLine::stays_in_foreground() const {
    return one_process || defined("FOREGROUND") || defined("NO_DETACH");
}

std::variant<CommandLine, UsageError> parse_command_line(std::span<char* const> arguments) {
    CommandLine line;
    if (auto error = OptionReader(arguments).read_into(line)) return std::move(*error);
    return line;
}

std::string usage_text() {
    const std::string name(product::name);
    const std::string indent(name.size(), ' ');
    return "Usage: " + name + " [-D name] [-d directory] [-f file]\n       " + indent +
           " [-C \"directive\"] [-c \"directive\"]\n       " + indent +
           " [-k start|restart|graceful|graceful-stop|stop]\n       " + indent +
           " [-v] [-V] [-h] [-l] [-L] [-t] [-T] [-S] [-X]\n"
           "Options:\n"
           "  -D name            : define a name for use in <IfDefine name> directives\n"
           "  -d directory       : specify an alternate initial ServerRoot\n"
           "  -f file            : specify an alternate ServerConfigFile\n"
           "  -C \"directive\"     : process directive before reading config files\n"
           "  -c \"directive\"     : process directive after reading config files\n"
           "  -e level           : show startup errors of level (see LogLevel)\n"
           "  -E file            : log startup errors to file\n"
           "  -v                 : show version number\n"
           "  -V                 : show compile settings\n"
           "  -h                 : list available command line options (this page)\n"
           "  -l                 : list compiled in modules\n"
           "  -L                 : list available configuration directives\n"
           "  -t -D DUMP_VHOSTS  : show parsed vhost settings\n"
           "  -t -D DUMP_RUN_CFG : show parsed run settings\n"
           "  -S                 : a synonym for -t -D DUMP_VHOSTS -D DUMP_RUN_CFG\n"
           "  -t -D DUMP_MODULES : show all loaded modules \n"
           "  -M                 : a synonym for -t -D DUMP_MODULES\n"
           "  -t -D DUMP_INCLUDES: show all included configuration files\n"
           "  -t                 : run syntax check for config files\n"
           "  -T                 : start without DocumentRoot(s) check\n"
           "  -X                 : debug mode (only one worker, do not detach)\n";
}

} // namespace preforkd
