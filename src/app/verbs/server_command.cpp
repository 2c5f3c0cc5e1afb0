#include "app/verbs/server_command.h"

#include <algorithm>
#include <array>

#include "os/file.h"

namespace preforkd {

namespace {

constexpr std::array<std::string_view, 13> verbs{
    "start",      "stop",     "restart",  "graceful",  "graceful-stop", "configtest", "status",
    "fullstatus", "startssl", "sslstart", "start-SSL", "upgrade",       "tune"};

bool is_verb(std::string_view word) {
    return std::find(verbs.begin(), verbs.end(), word) != verbs.end();
}

} // namespace

std::string server_program() {
    const std::string own = own_program_file();
    const std::string beside = own.substr(0, own.rfind('/') + 1) + "preforkd";
    struct stat status {};
    return stat_path(beside.c_str(), status) == 0 ? beside : "preforkd";
}

ControlRequest parse_control_request(std::span<char* const> words) {
    ControlRequest request{{}, {words.begin(), words.end()}};
    if (words.empty()) return request;
    if (words.size() > 1 && is_verb(words.front()) && *words[1] == '-') {
        request.verb = words.front();
        request.options.erase(request.options.begin());
        return request;
    }
    if (!is_verb(words.back())) return request;
    request.verb = words.back();
    request.options.pop_back();
    if (!request.options.empty() && request.options.back() == "-k") request.options.pop_back();
    return request;
}

std::optional<CommandLine> options_of(const ControlRequest& request) {
    std::vector<char*> pointers;
    for (const std::string& word : request.options)
        pointers.push_back(const_cast<char*>(word.c_str()));
    auto parsed = parse_command_line(pointers);
    if (auto* line = std::get_if<CommandLine>(&parsed)) return std::move(*line);
    return {};
}

CommandWords server_command(const ControlRequest& request, const CommandWords& more) {
    CommandWords command{server_program()};
    command.insert(command.end(), request.options.begin(), request.options.end());
    command.insert(command.end(), more.begin(), more.end());
    return command;
}

Result<std::unique_ptr<config::Configuration>> read_for_control(const ControlRequest& request) {
    const auto line = options_of(request);
    if (!line) return Error{usage_text()};
    register_settings();
    auto read = read_completely(*line);
    if (const auto* error = std::get_if<config::ConfigError>(&read)) return Error{error->text()};
    return std::move(std::get<0>(read));
}

} // namespace preforkd
