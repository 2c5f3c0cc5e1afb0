// Small questions about text. ASCII only, whatever the locale: the wire and the configuration are.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace preforkd {

constexpr char to_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
constexpr char to_upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_alpha(char c) { return to_lower(c) >= 'a' && to_lower(c) <= 'z'; }
constexpr bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
// The value of a hexadecimal digit, or -1.
constexpr int hex_value(char c) {
    if (is_digit(c)) return c - '0';
    c = to_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool iequals(std::string_view a, std::string_view b);
bool istarts_with(std::string_view text, std::string_view prefix);
bool iends_with(std::string_view text, std::string_view suffix);
std::string lower(std::string_view text);
// The order of a map whose keys are the same in any case of their letters.
struct IgnoringCase {
    bool operator()(std::string_view a, std::string_view b) const { return lower(a) < lower(b); }
};
std::string_view trim(std::string_view text);

// A whole decimal number without sign, or nothing; also nothing when it does not fit.
std::optional<long long> parse_decimal(std::string_view text);

// Splits at `separator` and trims each piece; empty pieces stay.
std::vector<std::string_view> split(std::string_view text, char separator);

// Takes a line off the front of `text`, and answers it without its end (LF or CRLF).
std::string_view take_line(std::string_view& text);

// "  - ", " 12 ", "1.2K", "123M": always four characters.
std::string short_size(std::int64_t bytes);

// `text` with a backslash before what a shell would obey.
std::string escape_for_shell(std::string_view text);

// `text` with &, <, > and " as character references, for a page or an attribute.
std::string escape_html(std::string_view text);

} // namespace preforkd
