#include "modules/access/auth_digest/digest_field.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

#include "base/text.h"
#include "net/digest.h"

namespace preforkd::auth_digest {

namespace {

struct Member {
    std::string_view name;
    std::string_view DigestField::*field;
};
constexpr Member members[] = {
    {"username", &DigestField::user},     {"realm", &DigestField::realm},
    {"nonce", &DigestField::nonce},       {"uri", &DigestField::uri},
    {"response", &DigestField::response}, {"algorithm", &DigestField::algorithm},
    {"opaque", &DigestField::opaque},     {"qop", &DigestField::qop},
    {"cnonce", &DigestField::cnonce},     {"nc", &DigestField::count},
};

void skip_spaces(std::string_view& text) {
    while (!text.empty() && (is_space(text.front()) || text.front() == ',')) text.remove_prefix(1);
}

// Behind the first quote. Nothing where there is no second.
std::optional<std::string_view> take_quoted(std::string_view& text, Arena& arena) {
    auto copy = arena.bytes(text.size());
    std::size_t length = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '"') {
            text.remove_prefix(i + 1);
            return std::string_view(copy.data(), length);
        }
        if (text[i] == '\\' && i + 1 < text.size()) ++i;
        copy[length++] = text[i];
    }
    return std::nullopt;
}

std::optional<std::string_view> take_value(std::string_view& text, Arena& arena) {
    if (text.starts_with('"')) {
        text.remove_prefix(1);
        return take_quoted(text, arena);
    }
    const auto end = std::min(text.find_first_of(", \t"), text.size());
    const auto value = text.substr(0, end);
    text.remove_prefix(end);
    return value;
}

std::string hexadecimal_md5(std::string_view text) {
    std::string hex;
    for (const unsigned char byte : net::md5(text)) hex += fmt::format("{:02x}", byte);
    return hex;
}

template <class Number>
std::optional<Number> hexadecimal(std::string_view text) {
    Number number = 0;
    const char* const end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, number, 16);
    if (error != std::errc() || stopped != end) return std::nullopt;
    return number;
}

} // namespace

std::uint32_t DigestField::client() const { return hexadecimal<std::uint32_t>(opaque).value_or(0); }

std::optional<std::uint64_t> DigestField::use_count() const {
    return hexadecimal<std::uint64_t>(count);
}

std::optional<DigestField> parse_digest_field(std::string_view text, Arena& arena) {
    DigestField field;
    for (skip_spaces(text); !text.empty(); skip_spaces(text)) {
        const auto equals = text.find('=');
        if (equals == text.npos) break;
        const auto name = trim(text.substr(0, equals));
        text.remove_prefix(equals + 1);
        while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
        const auto value = take_value(text, arena);
        if (!value) return std::nullopt;
        for (const auto& member : members)
            if (iequals(member.name, name)) field.*member.field = *value;
    }
    return field;
}

std::string expected_response(const DigestField& field, std::string_view secret,
                              std::string_view method) {
    const auto asked = hexadecimal_md5(fmt::format("{}:{}", method, field.uri));
    return hexadecimal_md5(fmt::format("{}:{}:{}:{}:{}:{}", secret, field.nonce, field.count,
                                       field.cnonce, field.qop, asked));
}

} // namespace preforkd::auth_digest
