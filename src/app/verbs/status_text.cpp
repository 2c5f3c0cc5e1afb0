#include "app/verbs/status_text.h"

#include <fmt/format.h>

#include "base/log_text.h"
#include "base/text.h"

namespace preforkd {

namespace {

// From a status page, so perhaps from a client: nothing that a terminal would obey.
std::string value_of(const StatusValues& values, std::string_view name,
                     std::string_view otherwise = "0") {
    const auto found = values.find(name);
    std::string text;
    log::append_escaped(text, found == values.end() ? otherwise : std::string_view(found->second));
    return text;
}

bool has(const StatusValues& values, std::string_view name) {
    return values.find(name) != values.end();
}

// The page's words for it, which are none in the first second.
std::string uptime_text(const StatusValues& values) {
    const std::string words = value_of(values, "ServerUptime", "");
    return words.empty() ? value_of(values, "ServerUptimeSeconds") + " seconds" : words;
}

std::string traffic_text(const StatusValues& values) {
    if (!has(values, "Total Accesses")) return "Traffic is counted with ExtendedStatus On only.\n";
    std::string text =
        fmt::format("Total accesses: {} - Total traffic: {} kB - Total duration: {} ms\n",
                    value_of(values, "Total Accesses"), value_of(values, "Total kBytes"),
                    value_of(values, "Total Duration"));
    return text + fmt::format("{} requests/sec - {} B/second - {} B/request - {} ms/request\n",
                              value_of(values, "ReqPerSec"), value_of(values, "BytesPerSec"),
                              value_of(values, "BytesPerReq"), value_of(values, "DurationPerReq"));
}

// Lines of open slots alone, at the end, are told and not shown.
std::string scoreboard_text(std::string_view letters) {
    constexpr std::size_t width = 64;
    const auto used = letters.find_last_not_of('.') + 1;
    const auto shown = std::min((used / width + 1) * width, letters.size());
    const auto open = letters.size() - shown;
    letters = letters.substr(0, shown);
    std::string text;
    for (; !letters.empty(); letters.remove_prefix(std::min(width, letters.size())))
        text.append(letters.substr(0, width)) += '\n';
    if (open > 0) text += fmt::format("and {} open slots more\n", open);
    return text;
}

constexpr std::string_view scoreboard_key =
    "Scoreboard Key:\n"
    "\"_\" Waiting for Connection, \"S\" Starting up, \"R\" Reading Request,\n"
    "\"W\" Sending Reply, \"K\" Keepalive (read), \"D\" DNS Lookup,\n"
    "\"C\" Closing connection, \"L\" Logging, \"G\" Gracefully finishing,\n"
    "\"I\" Idle cleanup of worker, \".\" Open slot with no current process\n";

} // namespace

StatusValues parse_status_values(std::string_view automatic) {
    StatusValues values;
    for (const auto line : split(automatic, '\n')) {
        const auto colon = line.find(':');
        if (colon == std::string_view::npos) continue;
        values.emplace(trim(line.substr(0, colon)), trim(line.substr(colon + 1)));
    }
    return values;
}

std::string status_summary(const StatusValues& values) {
    std::string text = fmt::format("Server version: {}\nServer uptime: {}\nServer load: {} {} {}\n",
                                   value_of(values, "ServerVersion", "unknown"),
                                   uptime_text(values), value_of(values, "Load1"),
                                   value_of(values, "Load5"), value_of(values, "Load15"));
    text += traffic_text(values);
    text += fmt::format("{} requests currently being processed, {} idle workers\n\n",
                        value_of(values, "BusyWorkers"), value_of(values, "IdleWorkers"));
    text += scoreboard_text(value_of(values, "Scoreboard", ""));
    return text.append("\n").append(scoreboard_key);
}

std::string slot_lines(const std::vector<StatusValues>& slots) {
    std::string text =
        fmt::format("{:>5} {:>8} {:<10} {:>9} {:>11} {:<22} {:<24} {}\n", "Slot", "PID", "State",
                    "Requests", "Connections", "Client", "VHost", "Request");
    for (const auto& slot : slots)
        text += fmt::format("{:>5} {:>8} {:<10} {:>9} {:>11} {:<22} {:<24} {}\n",
                            value_of(slot, "slot"), value_of(slot, "pid"),
                            value_of(slot, "state", ""), value_of(slot, "requests"),
                            value_of(slot, "connections"), value_of(slot, "client", ""),
                            value_of(slot, "server", ""), value_of(slot, "request", ""));
    return text;
}

} // namespace preforkd
