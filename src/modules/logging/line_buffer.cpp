#include "modules/logging/line_buffer.h"

#include <cstdint>

#include "base/log_text.h"

namespace preforkd::logging {

namespace {

constexpr std::array<bool, 256> plain = [] {
    std::array<bool, 256> table{};
    for (int c = ' '; c <= '~'; ++c) table[static_cast<std::size_t>(c)] = c != '"' && c != '\\';
    return table;
}();

constexpr std::uint64_t in_each_byte(unsigned char c) { return 0x0101010101010101U * c; }
// The high bit of some byte is set if one of `word` is below `least` (at most 128).
constexpr std::uint64_t below(std::uint64_t word, unsigned char least) {
    return (word - in_each_byte(least)) & ~word & in_each_byte(0x80);
}

// Eight characters at once: most of a line is plain.
bool all_plain(const char* eight) {
    std::uint64_t word;
    std::memcpy(&word, eight, sizeof word);
    const std::uint64_t special =
        (word & in_each_byte(0x80)) | below(word, ' ') | below(word ^ in_each_byte('"'), 1) |
        below(word ^ in_each_byte('\\'), 1) | below(word ^ in_each_byte(0x7f), 1);
    return special == 0;
}

std::size_t plain_prefix(std::string_view text) {
    std::size_t length = 0;
    while (length + 8 <= text.size() && all_plain(text.data() + length)) length += 8;
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
