// preforkctl: start, stop and reload the server, as apachectl does it. A restart is only asked for
// when the configuration can be read.
#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <span>

#include "app/defaults.h"
#include "app/running_server.h"
#include "os/file.h"
#include "os/program.h"

namespace preforkd {

namespace {

constexpr std::string_view usage = "Usage: preforkctl [preforkd's options] "
                                   "start|stop|restart|graceful|graceful-stop|configtest|status\n";

struct Request {
    std::string verb;
    CommandWords options; // for preforkd
};

constexpr std::array<std::string_view, 7> verbs{
    "start", "stop", "restart", "graceful", "graceful-stop", "configtest", "status"};

// The last word is the verb; "-k verb" is taken as well.
std::optional<Request> parse_request(std::span<char* const> words) {
    if (words.empty()) return {};
    Request request{words.back(), {words.begin(), words.end() - 1}};
    if (!request.options.empty() && request.options.back() == "-k") request.options.pop_back();
    if (std::find(verbs.begin(), verbs.end(), request.verb) == verbs.end()) return {};
    return request;
}

// preforkd beside this program, or wherever PATH finds it.
std::string server_program() {
    const std::string own = own_program_file();
    const std::string beside = own.substr(0, own.rfind('/') + 1) + "preforkd";
    struct stat status {};
    return stat_path(beside.c_str(), status) == 0 ? beside : "preforkd";
}

std::string server_root_of(const CommandWords& options) {
    const auto option = std::find(options.begin(), options.end(), "-d");
    if (option == options.end() || option + 1 == options.end())
        return std::string(defaults::server_root);
    return *(option + 1);
}

// preforkd with `more` behind the user's options; a file "envvars" in the ServerRoot sets its
// environment, as Debian does it for Apache.
CommandWords server_command(const Request& request, const CommandWords& more) {
    CommandWords command;
    const std::string variables = server_root_of(request.options) + "/envvars";
    struct stat status {};
    if (stat_path(variables.c_str(), status) == 0)
        command = {"/bin/sh", "-c", ". \"$0\" && exec \"$@\"", variables};
    command.push_back(server_program());
    command.insert(command.end(), request.options.begin(), request.options.end());
    command.insert(command.end(), more.begin(), more.end());
    return command;
}

int fail(std::string_view reason) {
    fmt::print(stderr, "preforkctl: {}\n", reason);
    return 1;
}

int become_server(const Request& request, const CommandWords& more) {
    return fail(become_program(server_command(request, more)).what);
}

int restart(const Request& request) {
    const auto checked = run_program(server_command(request, {"-t"}));
    if (!checked) return fail(checked.error().what);
    if (*checked != 0)
        return fail(fmt::format("the configuration has an error: no {}", request.verb));
    return become_server(request, {"-k", request.verb});
}

// The PidFile as the configuration says it.
std::string find_pid_file(std::string_view run_settings) {
    constexpr std::string_view label = "PidFile: \"";
    const auto start = run_settings.find(label);
    if (start == std::string_view::npos) return {};
    const auto path = run_settings.substr(start + label.size());
    return std::string(path.substr(0, path.find('"')));
}

// Exit statuses as the Linux Standard Base has them: 0 running, 3 not.
int show_status(const Request& request) {
    const auto dumped = output_of_program(server_command(request, {"-t", "-D", "DUMP_RUN_CFG"}));
    if (!dumped) return fail(dumped.error().what);
    if (dumped->status != 0) return dumped->status;
    const RunningServer server = find_running_server(find_pid_file(dumped->text));
    if (!server.alive) {
        fmt::print("preforkd is not running\n");
        return 3;
    }
    fmt::print("preforkd is running (pid {})\n", server.pid);
    return 0;
}

int control(std::span<char* const> words) {
    const auto request = parse_request(words);
    if (!request) {
        fmt::print(stderr, "{}", usage);
        return 2;
    }
    if (request->verb == "status") return show_status(*request);
    if (request->verb == "configtest") return become_server(*request, {"-t"});
    if (request->verb == "restart" || request->verb == "graceful") return restart(*request);
    return become_server(*request, {"-k", request->verb});
}

} // namespace

} // namespace preforkd

int main(int count, char** words) {
    return preforkd::control({words + 1, static_cast<std::size_t>(count - 1)});
}
