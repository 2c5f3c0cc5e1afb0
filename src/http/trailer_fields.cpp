#include "http/trailer_fields.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "http/field_parser.h"

namespace preforkd::http {

namespace {

// Families of names that say how a message is framed, routed, conditioned, authenticated or read.
constexpr std::array<std::string_view, 6> decisive_families{"content-", "if-",          "proxy-",
                                                            "sec-",     "x-forwarded-", "x-real-"};
constexpr std::array<std::string_view, 5> decisive_names{"authentication-info", "forwarded",
                                                         "max-forwards", "pragma", "set-cookie"};

// RFC 9110 §6.5.1. What this server knows by number, it may already have acted upon.
bool may_be_merged(const Field& field) {
    const auto is_name = [&](std::string_view name) { return iequals(field.name, name); };
    const auto begins = [&](std::string_view family) { return istarts_with(field.name, family); };
    return field.id == FieldId::other &&
           std::none_of(decisive_names.begin(), decisive_names.end(), is_name) &&
           std::none_of(decisive_families.begin(), decisive_families.end(), begins);
}

} // namespace

bool is_sound_field_line(std::string_view line) {
    return line.find(':') != std::string_view::npos && line.front() != ':' && line.front() != ' ' &&
           line.front() != '\t';
}

bool take_trailers(std::string_view lines, const ContentTerms& terms, Arena& arena,
                   RequestHead& head) {
    FieldParser parser;
    if (!parser.parse(arena.copy(lines), *head.trailers)) return false;
    if (!terms.merge_trailers) return true;
    head.merged_from = head.fields.size();
    // A field of the head stands before a trailer of the same name, and is what find() answers.
    for (const Field& field : *head.trailers)
        if (may_be_merged(field)) head.fields.add(field.id, field.name, field.value);
    return true;
}

} // namespace preforkd::http
