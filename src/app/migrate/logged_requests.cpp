#include "app/migrate/logged_requests.h"

#include <algorithm>
#include <set>

#include "app/migrate/preview_ports.h"
#include "base/text.h"

namespace preforkd::migrate {

namespace {

// The next "…", with what stood escaped in it; takes it off `rest`.
std::optional<std::string> next_quoted(std::string_view& rest) {
    const auto start = rest.find('"');
    if (start == std::string_view::npos) return {};
    std::string text;
    for (auto i = start + 1; i < rest.size(); ++i) {
        const char c = rest[i];
        if (c == '"') {
            rest.remove_prefix(i + 1);
            return text;
        }
        if (c != '\\' || i + 1 == rest.size()) {
            text += c;
            continue;
        }
        const char escaped = rest[++i];
        if (escaped == 'x' && i + 2 < rest.size() && hex_value(rest[i + 1]) >= 0 &&
            hex_value(rest[i + 2]) >= 0) {
            text += static_cast<char>(hex_value(rest[i + 1]) * 16 + hex_value(rest[i + 2]));
            i += 2;
        } else {
            text += escaped;
        }
    }
    return {};
}

// "GET /path HTTP/1.1"
std::string target_of(std::string_view request) {
    constexpr std::string_view method = "GET ";
    if (!request.starts_with(method)) return {};
    request.remove_prefix(method.size());
    const auto target = request.substr(0, request.rfind(" HTTP/"));
    const bool sendable =
        target.starts_with('/') &&
        std::all_of(target.begin(), target.end(), [](char c) { return c > ' ' && c <= '~'; });
    return sendable ? std::string(target) : std::string();
}

// "-" is what was not there.
std::string field_of(std::optional<std::string> text) {
    if (!text || *text == "-") return {};
    const bool sendable =
        std::all_of(text->begin(), text->end(), [](char c) { return c >= ' ' && c <= '~'; });
    return sendable ? std::move(*text) : std::string();
}

// "www.example.com:80 10.0.0.1 - - ": one word more than without a host.
void take_host(std::string_view before_time, LoggedRequest& request) {
    const auto words = split(trim(before_time), ' ');
    if (words.size() < 4) return;
    request.port = port_at_end_of(words[0]);
    if (request.port != 0) request.host = words[0].substr(0, words[0].rfind(':'));
}

} // namespace

std::optional<LoggedRequest> parse_log_line(std::string_view line) {
    const auto time = line.find(" [");
    const auto end = line.find("] \"", time == std::string_view::npos ? 0 : time);
    if (time == std::string_view::npos || end == std::string_view::npos) return {};
    std::string_view rest = line.substr(end);
    LoggedRequest request;
    request.target = target_of(next_quoted(rest).value_or(""));
    if (request.target.empty()) return {};
    take_host(line.substr(0, time), request);
    request.referer = field_of(next_quoted(rest));
    request.user_agent = field_of(next_quoted(rest));
    return request;
}

LoggedRequests parse_log(std::string_view text, std::size_t limit) {
    LoggedRequests found;
    std::set<std::string> known;
    for (std::size_t start = 0; start < text.size();) {
        const auto end = std::min(text.find('\n', start), text.size());
        const auto line = text.substr(start, end - start);
        start = end + 1;
        ++found.lines;
        auto request = parse_log_line(line);
        if (!request) continue;
        ++found.gets;
        if (!known.insert(request->host + ":" + std::to_string(request->port) + request->target)
                 .second)
            continue;
        found.cut = found.different.size() == limit;
        if (found.cut) break;
        found.different.push_back(std::move(*request));
    }
    return found;
}

} // namespace preforkd::migrate
