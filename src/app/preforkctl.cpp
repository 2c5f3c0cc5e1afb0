// preforkctl: start, stop and look after the server, as apachectl does it, and a little more.
#include <fmt/format.h>
#include <span>

#include "app/defaults.h"
#include "app/verbs/environment_file.h"
#include "app/verbs/migrate.h"
#include "app/verbs/migrate_request.h"
#include "app/verbs/server_command.h"
#include "app/verbs/show_status.h"
#include "app/verbs/tune.h"
#include "app/verbs/upgrade.h"
#include "os/file.h"

namespace preforkd {

namespace {

constexpr std::string_view usage =
    "Usage: preforkctl [preforkd's options] start|stop|restart|graceful|graceful-stop|configtest|"
    "status|fullstatus|upgrade|tune|help\n"
    "       preforkctl start|stop|… preforkd's options\n"
    "       preforkctl [-D name] [-d directory] migrate [FILE] [--help]\n"
    "       preforkctl <preforkd's options>\n"
    "       preforkctl -h            (for help on preforkd's options)\n";

int fail(std::string_view reason) {
    fmt::print(stderr, "preforkctl: {}\n", reason);
    return 1;
}

int run_server(const ControlRequest& request, const CommandWords& more) {
    const auto command = server_command(request, more);
    const auto line = options_of(request);
    // Whoever watches this process is to watch the server itself.
    if (line && line->stays_in_foreground()) return fail(become_program(command).what);
    const auto status = run_program(command);
    return status ? *status : fail(status.error().what);
}

// The check says nothing while all is well, as apachectl's.
int restart(const ControlRequest& request) {
    const auto checked = run_program_silently(server_command(request, {"-t"}));
    if (!checked) return fail(checked.error().what);
    if (*checked != 0) return run_server(request, {"-t"});
    return run_server(request, {"-k", request.verb});
}

int refuse_startssl() {
    fmt::print("The startssl option is no longer supported.\n"
               "Please edit prefork.conf to include the SSL configuration settings\n"
               "and then use preforkctl start.\n");
    return 2;
}

template <class Show>
int with_configuration(const ControlRequest& request, Show show) {
    const auto configuration = read_for_control(request);
    if (configuration) return show(**configuration);
    fmt::print(stderr, "{}\n", configuration.error().what);
    return 1;
}

int obey(const ControlRequest& request) {
    const std::string& verb = request.verb;
    if (verb.empty()) return run_server(request, {});
    if (verb == "configtest") return run_server(request, {"-t", "-D", "CHECK_SYSTEM"});
    if (verb == "restart" || verb == "graceful") return restart(request);
    if (verb == "upgrade") return upgrade_server(request);
    if (verb == "tune") return with_configuration(request, tune);
    if (verb == "status" || verb == "fullstatus")
        return with_configuration(request, [&](const config::Configuration& configuration) {
            return show_status(configuration, verb == "fullstatus");
        });
    if (verb == "start" || verb == "stop" || verb == "graceful-stop")
        return run_server(request, {"-k", verb});
    return refuse_startssl();
}

// A file "envvars" in the ServerRoot sets the environment, as Debian does it for Apache. Does not
// return where it finds one.
void read_environment(std::span<char* const> words) {
    const auto line = options_of(parse_control_request(words));
    const std::string root =
        line ? line->server_root.value_or(std::string(defaults::server_root)) : std::string();
    if (line) read_environment_from(root + "/envvars", words);
}

bool asks_for_usage(std::span<char* const> words) {
    if (words.empty()) return true;
    const std::string_view word = words.back();
    return word == "help" || word == "usage" || word == "--help";
}

int control(std::span<char* const> words) {
    const bool environment_is_ready = take_environment_mark(words);
    if (asks_to_migrate(words)) return plan_migration(words, environment_is_ready);
    if (!environment_is_ready) read_environment(words);
    if (asks_for_usage(words)) {
        fmt::print(stderr, "{}", usage);
        return 1;
    }
    const auto request = parse_control_request(words);
    const int status = obey(request);
    const bool asks = status == 3; // not running: an answer
    if (status == 0 || asks) return status;
    std::string typed;
    for (const char* word : words) typed.append(typed.empty() ? "" : " ").append(word);
    fmt::print("Action '{}' failed.\nThe Apache error log may have more information.\n", typed);
    return status;
}

} // namespace

} // namespace preforkd

int main(int count, char** words) {
    return preforkd::control({words + 1, static_cast<std::size_t>(count - 1)});
}
