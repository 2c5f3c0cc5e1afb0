#include "http/chunk_line.h"

#include <algorithm>

#include "base/text.h"
#include "http/request_line.h"

namespace preforkd::http {

namespace {

// Takes what belongs to a token from the front.
std::string_view take_token(std::string_view& rest) {
    const auto end = rest.find_first_of("=; \t\"");
    const auto token = rest.substr(0, end);
    rest.remove_prefix(token.size());
    return token;
}

// White space that nobody should send and everybody must read (RFC 9110 §5.6.3).
void skip_bad_space(std::string_view& rest) {
    rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
}

bool may_be_quoted(char c) {
    return c == '\t' || (static_cast<unsigned char>(c) >= ' ' && c != '\x7f');
}

// RFC 9110 §5.6.4. Requires: a quote in front.
bool skip_quoted(std::string_view& rest) {
    for (std::size_t at = 1; at < rest.size(); ++at) {
        if (rest[at] == '"') {
            rest.remove_prefix(at + 1);
            return true;
        }
        if (rest[at] == '\\') ++at;
        if (at >= rest.size() || !may_be_quoted(rest[at])) return false;
    }
    return false;
}

bool skip_extension_value(std::string_view& rest) {
    skip_bad_space(rest);
    return rest.starts_with('"') ? skip_quoted(rest) : is_token(take_token(rest));
}

// *( BWS ";" BWS name [ BWS "=" BWS value ] )
bool are_extensions(std::string_view rest) {
    while (!rest.empty()) {
        skip_bad_space(rest);
        if (!rest.starts_with(';')) return false;
        rest.remove_prefix(1);
        skip_bad_space(rest);
        if (!is_token(take_token(rest))) return false;
        auto after = rest;
        skip_bad_space(after);
        if (!after.starts_with('=')) continue;
        rest = after.substr(1);
        if (!skip_extension_value(rest)) return false;
    }
    return true;
}

} // namespace

std::optional<std::uint64_t> parse_chunk_line(std::string_view line) {
    std::uint64_t size = 0;
    std::size_t digits = 0;
    for (; digits < line.size() && hex_value(line[digits]) >= 0; ++digits)
        size = size >= largest_chunk / 16
                   ? largest_chunk
                   : size * 16 + static_cast<std::uint64_t>(hex_value(line[digits]));
    if (digits == 0 || !are_extensions(line.substr(digits))) return std::nullopt;
    return size;
}

} // namespace preforkd::http
