// preforkd: from the command line to a server that runs.
#include <csignal>
#include <cstdio>
#include <fmt/format.h>
#include <span>

#include "app/command_line.h"
#include "app/complete_configuration.h"
#include "app/running_server.h"
#include "app/server_info.h"
#include "app/start_messages.h"
#include "app/system_checks/descriptors.h"
#include "app/system_checks/system_checks.h"
#include "base/product.h"
#include "config/pool_limits.h"
#include "config/process_settings.h"
#include "control/control_process.h"
#include "control/upgrade.h"
#include "os/process.h"
#include "os/program.h"

namespace preforkd {

namespace {

static_assert(product::version == PREFORKD_VERSION);

using OwnConfiguration = std::unique_ptr<config::Configuration>;
using ReadAgain = std::variant<OwnConfiguration, config::ConfigError>;

// At once: standard error may have the next word, or a process that is forked.
void print(std::string_view text) {
    fmt::print("{}", text);
    std::fflush(stdout);
}

void make_room(config::Configuration& configuration) {
    if (auto note = raise_descriptor_limit(configuration))
        configuration.warnings.push_back(std::move(*note));
}

ReadAgain read_again(const CommandLine& line) {
    auto read = read_completely(line);
    if (auto* configuration = std::get_if<0>(&read)) make_room(**configuration);
    return read;
}

std::string joined(const CommandWords& words) {
    std::string typed;
    for (const std::string& word : words) {
        if (!typed.empty()) typed += ' ';
        typed += word;
    }
    return typed;
}

// For an upgrade, which happens when the file has been replaced.
CommandWords program_of(CommandWords words) {
    words[0] = lasting_program_file(words[0]);
    return words;
}

int start(const CommandLine& line, OwnConfiguration configuration, const CommandWords& typed) {
    make_room(*configuration);
    return run_control_process(std::move(configuration),
                               {
                                   .one_process = line.one_process,
                                   .foreground = line.stays_in_foreground(),
                                   .command_line = joined(typed),
                                   .program = program_of(typed),
                                   .read = [&line] { return read_again(line); },
                               });
}

int check(const CommandLine& line, const config::Configuration& configuration) {
    const auto& settings = configuration.main_server().of<config::ProcessSettings>();
    for (const auto& warning : config::adjust_pool_limits(settings, {}).warnings)
        say(warning.at_start);
    if (line.defined("CHECK_SYSTEM")) say_findings(check_system(configuration));
    say("Syntax OK");
    return 0;
}

int number_of(Command command) {
    switch (command) {
    case Command::restart: return SIGHUP;
    case Command::graceful: return SIGUSR1;
    case Command::graceful_stop: return SIGWINCH;
    case Command::stop:
    case Command::start: return SIGTERM;
    }
    return SIGTERM;
}

// -k: speaks to the server that runs, or starts one.
int obey(const CommandLine& line, OwnConfiguration configuration, const CommandWords& typed) {
    if (Inheritance::is_offered()) return start(line, std::move(configuration), typed);
    const auto& settings = configuration->main_server().of<config::ProcessSettings>();
    const RunningServer running = find_running_server(settings.pid_file);
    const bool ends = line.command == Command::stop || line.command == Command::graceful_stop;
    if (line.command == Command::start ? running.alive : ends && !running.alive) {
        print(fmt::format("httpd {}\n", running.status()));
        return 0;
    }
    if (!running.alive) {
        if (line.command != Command::start) print("httpd not running, trying to start\n");
        return start(line, std::move(configuration), typed);
    }
    if (send_signal(running.pid, number_of(line.command))) return 0;
    say(fmt::format("sending signal to server {} failed", running.pid));
    return 1;
}

int act(const CommandLine& line, OwnConfiguration configuration, const CommandWords& typed) {
    // Included files are shown as they are read, so before what is said in the end.
    print(included_files_text(line, *configuration));
    say_warnings(configuration->warnings, line.message_level());
    print(dump_text(line, *configuration));
    switch (line.action) {
    case Action::check: return check(line, *configuration);
    case Action::dump: return 0;
    default: return obey(line, std::move(configuration), typed);
    }
}

// What can be said without a configuration.
bool answered_at_once(const CommandLine& line) {
    switch (line.action) {
    case Action::version: print(version_text()); return true;
    case Action::build_settings: print(build_settings_text()); return true;
    case Action::list_modules: print(built_in_modules_text()); return true;
    case Action::list_directives: print(directives_text()); return true;
    default: return false;
    }
}

int main_of(std::span<char* const> words) {
    auto parsed = parse_command_line(words.subspan(1));
    if (const auto* error = std::get_if<UsageError>(&parsed)) {
        if (!error->reason.empty()) say(error->reason);
        say_text(usage_text());
        return 1;
    }
    const auto& line = std::get<CommandLine>(parsed);
    if (answered_at_once(line)) return 0;
    if (line.error_file) send_messages_to(*line.error_file);
    register_settings();
    auto read = read_completely(line);
    if (const auto* error = std::get_if<config::ConfigError>(&read)) {
        say_warnings(error->warnings, line.message_level());
        say(error->text());
        return 1;
    }
    return act(line, std::move(std::get<0>(read)), CommandWords(words.begin(), words.end()));
}

} // namespace

} // namespace preforkd

int main(int count, char** words) {
    return preforkd::main_of({words, static_cast<std::size_t>(count)});
}
