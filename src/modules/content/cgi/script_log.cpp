#include "modules/content/cgi/script_log.h"

#include <algorithm>
#include <ctime>
#include <fmt/format.h>
#include <utility>

#include "base/text.h"
#include "modules/content/cgi/cgi_settings.h"
#include "os/file.h"

namespace preforkd {

namespace {

constexpr std::size_t usual_longest = 10385760; // Apache's own number
constexpr std::size_t usual_content = 1024;

std::string request_line(const Request& request) {
    const std::string_view line = request.head.request_line;
    return fmt::format("{} {}{}{} {}", request.head.method_name, request.uri,
                       request.has_query ? "?" : "", request.query,
                       line.substr(line.rfind(' ') + 1));
}

// "Thu Jan  2 03:04:05 2020"
std::string time_of(const Request& request) {
    const auto seconds = static_cast<std::time_t>(request.received_at / 1'000'000);
    std::tm local{};
    ::localtime_r(&seconds, &local);
    char text[64];
    return {text, std::strftime(text, sizeof text, "%a %b %d %H:%M:%S %Y", &local)};
}

// Where the head of `output` ends, or goes wrong: behind that line.
std::size_t end_of_sense(std::string_view output) {
    std::string_view rest = output;
    while (!rest.empty() && take_line(rest).find(':') != std::string_view::npos) {
    }
    return output.size() - rest.size();
}

} // namespace

bool ScriptLog::is_kept() const { return request_.of<ScriptLogSettings>().path.has_value(); }

void ScriptLog::keep_content(std::string_view part) {
    if (!is_kept()) return;
    const auto room = request_.of<ScriptLogSettings>().content.value_or(usual_content);
    content_ += part.substr(0, room - std::min(room, content_.size()));
}

void ScriptLog::write_failure(int status, std::string_view message) const {
    if (is_kept()) append(fmt::format("{}%error\n{}\n", title(status), message));
}

void ScriptLog::write_output(int status, std::string_view output) const {
    if (!is_kept()) return;
    std::string entry = title(status) + "%request\n";
    for (const auto& field : request_.head.fields)
        entry += fmt::format("{}: {}\n", field.name, field.value);
    if (!content_.empty()) entry += fmt::format("\n{}\n", content_);
    const auto head = end_of_sense(output);
    entry += fmt::format("%response\n{}", output.substr(0, head));
    if (head < output.size()) entry += fmt::format("%stdout\n{}\n", output.substr(head));
    append(entry);
}

std::string ScriptLog::title(int status) const {
    return fmt::format("%% [{}] {}\n%% {} {}\n", time_of(request_), request_line(request_), status,
                       request_.filename);
}

// Opened for each entry, as the ordinary user: nobody keeps it while it is moved away.
void ScriptLog::append(const std::string& entry) const {
    const auto& settings = request_.of<ScriptLogSettings>();
    struct stat status {};
    const bool is_there = stat_path(settings.path->c_str(), status) == 0;
    const auto size = is_there ? static_cast<std::size_t>(status.st_size) : 0;
    if (size > settings.longest.value_or(usual_longest)) return;
    const auto file = open_for_appending(*settings.path, 0644);
    static bool has_complained = false; // of this child, or a client could fill error.log
    if (file) static_cast<void>(write_whole(file->get(), entry));
    else if (!std::exchange(has_complained, true))
        request_.log("cgi", log::Level::error, file.error().what);
}

} // namespace preforkd
