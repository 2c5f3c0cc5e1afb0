#include "base/text.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace preforkd {

bool iequals(std::string_view a, std::string_view b) {
    return a.size() == b.size() && istarts_with(a, b);
}

bool istarts_with(std::string_view text, std::string_view prefix) {
    if (text.size() < prefix.size()) return false;
    for (std::size_t i = 0; i < prefix.size(); ++i)
        if (to_lower(text[i]) != to_lower(prefix[i])) return false;
    return true;
}

bool iends_with(std::string_view text, std::string_view suffix) {
    return text.size() >= suffix.size() &&
           iequals(text.substr(text.size() - suffix.size()), suffix);
}

std::string lower(std::string_view text) {
    std::string result(text);
    for (char& c : result) c = to_lower(c);
    return result;
}

std::string_view trim(std::string_view text) {
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
    return text;
}

std::optional<long long> parse_decimal(std::string_view text) {
    long long value = 0;
    if (text.empty() || !is_digit(text.front())) return std::nullopt;
    auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::string_view take_line(std::string_view& text) {
    const auto end = std::min(text.find('\n'), text.size());
    auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> pieces;
    for (;;) {
        auto end = text.find(separator);
        pieces.push_back(trim(text.substr(0, end)));
        if (end == std::string_view::npos) return pieces;
        text.remove_prefix(end + 1);
    }
}

std::string escape_for_shell(std::string_view text) {
    std::string escaped;
    for (const char c : text) {
        if (std::string_view("&;`'\"|*?~<>^()[]{}$\\\n").find(c) != std::string_view::npos)
            escaped += '\\';
        escaped += c;
    }
    return escaped;
}

std::string escape_html(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    for (char c : text) {
        switch (c) {
        case '&': result += "&amp;"; break;
        case '<': result += "&lt;"; break;
        case '>': result += "&gt;"; break;
        case '"': result += "&quot;"; break;
        default: result += c;
        }
    }
    return result;
}

// Apache: apr_strfsize. A unit is used from 973 on, so that three digits suffice.
std::string short_size(std::int64_t bytes) {
    if (bytes < 0) return "  - ";
    if (bytes < 973) return fmt::format("{:3d} ", bytes);
    std::size_t unit = 0;
    std::int64_t rest = bytes % 1024;
    for (bytes /= 1024; bytes >= 973; bytes /= 1024) {
        rest = bytes % 1024;
        ++unit;
    }
    const char letter = "KMGTPE"[unit];
    if (bytes > 9 || (bytes == 9 && rest >= 973))
        return fmt::format("{:3d}{}", bytes + (rest >= 512 ? 1 : 0), letter);
    const std::int64_t tenths = (rest * 5 + 256) / 512;
    return fmt::format("{}.{}{}", bytes + tenths / 10, tenths % 10, letter);
}

} // namespace preforkd
