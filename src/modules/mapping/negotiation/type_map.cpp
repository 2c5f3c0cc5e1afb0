#include "modules/mapping/negotiation/type_map.h"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>

#include "base/text.h"
#include "modules/mapping/negotiation/accept_fields.h"

namespace preforkd::negotiation {

namespace {

std::string_view unquoted(std::string_view text) {
    if (text.size() > 1 && text.starts_with('"') && text.ends_with('"'))
        return text.substr(1, text.size() - 2);
    return text;
}

// "text/html; charset=utf-8; qs=0.8"
void read_type(std::string_view value, Variant& variant, Arena& arena) {
    const auto pieces = split(value, ';');
    variant.type = lower_case(pieces.front(), arena);
    for (std::size_t i = 1; i < pieces.size(); ++i) {
        const auto equals = pieces[i].find('=');
        if (equals == std::string_view::npos) continue;
        const auto name = trim(pieces[i].substr(0, equals));
        const auto argument = unquoted(trim(pieces[i].substr(equals + 1)));
        if (iequals(name, "charset")) variant.charset = lower_case(argument, arena);
        if (iequals(name, "qs"))
            variant.source_quality = std::strtof(arena.c_string(argument), nullptr);
    }
}

void read_languages(std::string_view value, Variant& variant, Arena& arena) {
    variant.languages.clear();
    for (const auto language : split(value, ','))
        if (!language.empty()) variant.languages.push_back(lower_case(language, arena));
}

// Everything from the next line to the one that begins with `mark`.
std::optional<std::string_view> take_body(std::string_view mark, std::string_view& text) {
    std::size_t start = 0;
    while (start < text.size() && !text.substr(start).starts_with(mark))
        start = std::min(text.find('\n', start), text.size() - 1) + 1;
    if (start >= text.size()) return std::nullopt;
    const auto body = text.substr(0, start);
    text.remove_prefix(start);
    take_line(text);
    return body;
}

void read_field(std::string_view name, std::string_view value, Variant& variant, Arena& arena) {
    if (iequals(name, "URI")) variant.name = value;
    else if (iequals(name, "Content-Type")) read_type(value, variant, arena);
    else if (iequals(name, "Content-Language")) read_languages(value, variant, arena);
    else if (iequals(name, "Content-Encoding")) variant.encoding = lower_case(value, arena);
    else if (iequals(name, "Description")) variant.description = value;
}

Variant empty_variant(Arena& arena) {
    Variant variant;
    variant.languages = std::pmr::vector<std::string_view>(arena.resource());
    return variant;
}

// A line, and those after it that begin with a space: they go on with it.
std::string_view take_field(std::string_view& text, Arena& arena) {
    auto field = take_line(text);
    while (!trim(field).empty() && !text.empty() && (text.front() == ' ' || text.front() == '\t'))
        field = arena.join({field, " ", trim(take_line(text))});
    return field;
}

Error no_colon(std::string_view field, std::string_view path) {
    return Error{
        fmt::format("AH00681: Syntax error in type map, no ':' in {} for header {}", path, field)};
}

Error no_value(std::string_view name, std::string_view path) {
    return Error{
        fmt::format("AH00682: Syntax error in type map --- no header body: {} for {}", name, path)};
}

std::string bad_length(std::string_view value, std::string_view path) {
    return fmt::format("AH00684: Parse error in type map, Content-Length: '{}' in {} is invalid.",
                       value, path);
}

std::string endless_body(std::string_view mark, std::string_view path) {
    return fmt::format("AH00685: Syntax error in type map, no end tag '{}' found in {} for Body: "
                       "content.",
                       mark, path);
}

struct Field {
    std::string_view name, value;
};

Result<Field> split_field(std::string_view line, std::string_view path) {
    const auto colon = line.find(':');
    if (colon == line.npos) return no_colon(line, path);
    const Field field{trim(line.substr(0, colon)), trim(line.substr(colon + 1))};
    if (field.value.empty()) return no_value(field.name, path);
    return field;
}

} // namespace

Result<TypeMap> parse_type_map(std::string_view text, std::string_view path, Arena& arena) {
    TypeMap map{Variants(arena.resource()), {}};
    Variant variant = empty_variant(arena);
    const auto finish = [&] {
        // A record that only tells of the map itself is none.
        if (!variant.type.empty() || variant.body) map.variants.push_back(variant);
        variant = empty_variant(arena);
    };
    while (!text.empty()) {
        const auto line = take_field(text, arena);
        if (line.starts_with('#')) continue;
        if (trim(line).empty()) {
            finish();
            continue;
        }
        const auto field = split_field(line, path);
        if (!field) return field.error();
        const auto& [name, value] = *field;
        if (iequals(name, "Content-Length")) {
            const auto length = parse_decimal(value);
            if (!length) map.fault = bad_length(value, path);
            else variant.length = static_cast<std::uint64_t>(*length);
        } else if (iequals(name, "Body")) {
            variant.body = take_body(value, text);
            variant.name = arena.copy(path.substr(path.rfind('/') + 1));
            if (!variant.body) map.fault = endless_body(value, path);
        } else read_field(name, value, variant, arena);
        if (!map.fault.empty()) return map;
    }
    finish();
    return map;
}

} // namespace preforkd::negotiation
