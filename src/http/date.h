// HTTP dates (RFC 9110 §5.6.7).
#pragma once

#include <array>
#include <ctime>
#include <optional>
#include <string_view>

namespace preforkd::http {

// "Sat, 21 Nov 2026 00:23:10 GMT"
std::array<char, 29> format_date(std::time_t when);
// The same for the current second; formatted once a second.
std::string_view current_date();
// All three forms that RFC 9110 names; nothing for anything else.
std::optional<std::time_t> parse_date(std::string_view text);

} // namespace preforkd::http
