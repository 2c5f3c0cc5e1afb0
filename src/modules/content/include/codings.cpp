#include "modules/content/include/codings.h"

#include <fmt/format.h>

#include "base/base64.h"
#include "base/text.h"
#include "http/uri.h"

namespace preforkd::ssi {

namespace {

using Change = std::string (*)(std::string_view);

struct Coding {
    std::string_view name;
    Change encode, decode;
};

std::string unchanged(std::string_view text) { return std::string(text); }

// A percent sign that no two digits follow stays as it is.
std::string decode_percents(std::string_view text) {
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool escaped = text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 &&
                             hex_value(text[i + 2]) >= 0;
        if (escaped) {
            decoded += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
            i += 2;
        } else {
            decoded += text[i];
        }
    }
    return decoded;
}

std::string encode_form(std::string_view text) {
    std::string encoded;
    for (const char c : text) {
        if (is_alpha(c) || is_digit(c) ||
            std::string_view("*-._").find(c) != std::string_view::npos)
            encoded += c;
        else if (c == ' ') encoded += '+';
        else encoded += fmt::format("%{:02x}", static_cast<unsigned char>(c));
    }
    return encoded;
}

std::string decode_form(std::string_view text) {
    std::string spaced(text);
    for (char& c : spaced)
        if (c == '+') c = ' ';
    return decode_percents(spaced);
}

std::string encode_base64(std::string_view text) { return base64(text); }
std::string from_base64(std::string_view text) { return std::string(decode_base64(text)); }

constexpr Coding codings[] = {
    {"none", unchanged, unchanged},           {"url", http::escape_path, decode_percents},
    {"urlencoded", encode_form, decode_form}, {"entity", escape_html, decode_entities},
    {"base64", encode_base64, from_base64},
};

std::optional<std::string> change(std::string_view names, std::string text, Change Coding::*how,
                                  std::string_view& unknown) {
    for (const auto name : split(names, ',')) {
        const Coding* found = nullptr;
        for (const auto& coding : codings)
            if (iequals(coding.name, name)) found = &coding;
        if (!found) {
            unknown = name;
            return std::nullopt;
        }
        text = (found->*how)(text);
    }
    return text;
}

struct Entity {
    std::string_view name;
    char meaning;
};
constexpr Entity entities[] = {{"lt", '<'}, {"gt", '>'}, {"amp", '&'}, {"quot", '"'}};

// What stands between & and ;. Nothing for a name that is unknown.
std::optional<char> character_of(std::string_view name) {
    for (const auto& entity : entities)
        if (entity.name == name) return entity.meaning;
    if (!name.starts_with('#')) return std::nullopt;
    const auto number = parse_decimal(name.substr(1));
    if (!number || *number < 1 || *number > 255) return std::nullopt;
    return static_cast<char>(*number);
}

} // namespace

std::string decode_entities(std::string_view text) {
    std::string decoded;
    while (!text.empty()) {
        const auto end = text.find(';');
        const bool begins = text.front() == '&' && end != text.npos;
        const auto meaning = begins ? character_of(text.substr(1, end - 1)) : std::nullopt;
        decoded += meaning.value_or(text.front());
        text.remove_prefix(meaning ? end + 1 : 1);
    }
    return decoded;
}

std::optional<std::string> decode(std::string_view names, std::string text,
                                  std::string_view& unknown) {
    return change(names, std::move(text), &Coding::decode, unknown);
}

std::optional<std::string> encode(std::string_view names, std::string text,
                                  std::string_view& unknown) {
    return change(names, std::move(text), &Coding::encode, unknown);
}

} // namespace preforkd::ssi
