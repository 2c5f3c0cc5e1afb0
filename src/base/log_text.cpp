#include "base/log_text.h"

namespace preforkd::log {

Escape escape_of(char c) {
    static constexpr char digits[] = "0123456789abcdef";
    if (const char letter = letter_for_control(c)) return {{'\\', letter}, 2};
    if (c == '\\' || c == '"') return {{'\\', c}, 2};
    const auto byte = static_cast<unsigned char>(c);
    return {{'\\', 'x', digits[byte >> 4], digits[byte & 15]}, 4};
}

void append_escaped(std::string& line, std::string_view text) {
    for (const char c : text) {
        if (is_printable(c) && c != '\\') {
            line += c;
            continue;
        }
        const Escape escape = escape_of(c);
        line.append(escape.text, escape.size);
    }
}

} // namespace preforkd::log
