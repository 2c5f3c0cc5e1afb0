// Escaping for log lines (Apache: ap_escape_logitem, ap_escape_errorlog_item): a client cannot
// forge a line, nor send a terminal anything it would obey.
#pragma once

#include <string>
#include <string_view>

namespace preforkd::log {

// The letter that stands behind a backslash for `c` (\n → n), or 0 where there is none.
constexpr char letter_for_control(char c) {
    switch (c) {
    case '\b': return 'b';
    case '\n': return 'n';
    case '\r': return 'r';
    case '\t': return 't';
    case '\v': return 'v';
    default: return 0;
    }
}

constexpr bool is_printable(char c) { return c >= ' ' && c <= '~'; }

// How `c` stands in a log line where it needs escaping: "\n", "\\", "\x1b". At most 4 characters.
struct Escape {
    char text[4];
    unsigned char size;
};
Escape escape_of(char c);

// Appends `text` for the error log, where quotes stand for themselves.
void append_escaped(std::string& line, std::string_view text);

} // namespace preforkd::log
