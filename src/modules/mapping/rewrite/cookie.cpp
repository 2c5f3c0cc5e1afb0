#include "modules/mapping/rewrite/cookie.h"

#include <array>
#include <cstdlib>
#include <ctime>

#include "base/text.h"

namespace preforkd::rewrite {

namespace {

bool is_true(std::string_view text) {
    return iequals(text, "true") || text == "1" || iequals(text, "secure") ||
           iequals(text, "HttpOnly");
}

// "Thu, 26-Nov-2026 13:00:00 GMT", as cookies have it; in the past for one that is to go.
std::string expiry(long minutes) {
    constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const std::time_t when = std::time(nullptr) + minutes * 60;
    std::tm parts{};
    ::gmtime_r(&when, &parts);
    return fmt::format("{}, {:02}-{}-{:04} {:02}:{:02}:{:02} GMT",
                       days[static_cast<std::size_t>(parts.tm_wday)], parts.tm_mday,
                       months[static_cast<std::size_t>(parts.tm_mon)], parts.tm_year + 1900,
                       parts.tm_hour, parts.tm_min, parts.tm_sec);
}

bool was_set(const Request& request, std::string_view name) {
    for (const auto& field : request.response.error_fields)
        if (iequals(field.name, "Set-Cookie") && field.value.starts_with(name) &&
            field.value.substr(name.size()).starts_with('='))
            return true;
    return false;
}

} // namespace

void set_cookie(Request& request, std::string_view description, const Trace& trace) {
    const char separator = description.starts_with(';') ? ';' : ':';
    if (separator == ';') description.remove_prefix(1);
    auto parts = split(description, separator);
    if (parts.size() < 3 || parts[0].empty()) return;
    parts.resize(8);
    if (was_set(request, parts[0])) {
        trace(5, "skipping already set cookie '{}'", parts[0]);
        return;
    }
    std::string text = fmt::format("{}={}; path={}", parts[0], parts[1],
                                   parts[4].empty() ? std::string_view("/") : parts[4]);
    if (!parts[2].empty()) text += fmt::format("; domain={}", parts[2]);
    const long minutes = std::strtol(std::string(parts[3]).c_str(), nullptr, 10);
    if (!parts[3].empty() && minutes != 0) text += "; expires=" + expiry(minutes);
    if (is_true(parts[5])) text += "; secure";
    if (is_true(parts[6])) text += "; HttpOnly";
    if (!parts[7].empty() && !iequals(parts[7], "false") && parts[7] != "0")
        text += fmt::format("; SameSite={}", parts[7]);
    const auto value = request.arena.copy(text);
    request.response.error_fields.add("Set-Cookie", value);
    trace(5, "setting cookie '{}'", value);
}

} // namespace preforkd::rewrite
