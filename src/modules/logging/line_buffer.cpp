#include "modules/logging/line_buffer.h"

#include "base/log_text.h"

namespace preforkd::logging {

namespace {

constexpr std::array<bool, 256> plain = [] {
    std::array<bool, 256> table{};
    for (int c = ' '; c <= '~'; ++c) table[static_cast<std::size_t>(c)] = c != '"' && c != '\\';
    return table;
}();

std::size_t plain_prefix(std::string_view text) {
    std::size_t length = 0;
    while (length < text.size() && plain[static_cast<unsigned char>(text[length])]) ++length;
    return length;
}

} // namespace

void LineBuffer::append_escaped(std::string_view text) {
    for (;;) {
        const auto length = plain_prefix(text);
        append(text.substr(0, length));
        if (length == text.size()) return;
        const auto escape = log::escape_of(text[length]);
        append({escape.text, escape.size});
        text.remove_prefix(length + 1);
    }
}

} // namespace preforkd::logging
