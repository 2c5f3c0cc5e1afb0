#include "modules/mapping/negotiation/accept_fields.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace preforkd::negotiation {

namespace {

// "0.5", ".5", "1"; three digits count.
float quality_of(std::string_view text) {
    if (text.empty()) return 1;
    if (!text.starts_with('.')) {
        if (!text.starts_with('0')) return 1;
        text.remove_prefix(1);
    }
    if (!text.starts_with('.')) return 0;
    int thousandths = 0;
    int place = 100;
    for (const char c : text.substr(1)) {
        if (!is_digit(c)) break;
        thousandths += (c - '0') * place;
        place /= 10;
    }
    return static_cast<float>(thousandths) / 1000;
}

Acceptable parse_one(std::string_view text, Arena& arena) {
    Acceptable made;
    bool is_name = true;
    while (!text.empty()) {
        const auto end = std::min(text.find(';'), text.size());
        const auto piece = trim(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        if (std::exchange(is_name, false)) {
            made.name = lower_case(piece, arena);
            continue;
        }
        const auto equals = piece.find('=');
        if (equals != piece.npos && iequals(trim(piece.substr(0, equals)), "q"))
            made.quality = quality_of(trim(piece.substr(equals + 1)));
    }
    return made;
}

} // namespace

std::string_view lower_case(std::string_view text, Arena& arena) {
    auto place = arena.bytes(text.size());
    std::transform(text.begin(), text.end(), place.begin(), to_lower);
    return {place.data(), place.size()};
}

AcceptList parse_accept(std::string_view field, Arena& arena) {
    AcceptList list(arena.resource());
    while (!field.empty()) {
        const auto end = std::min(field.find(','), field.size());
        const auto one = parse_one(field.substr(0, end), arena);
        field.remove_prefix(std::min(end + 1, field.size()));
        if (!one.name.empty()) list.push_back(one);
    }
    return list;
}

AcceptFields::AcceptFields(const http::RequestHead& head, Arena& arena)
    : types(parse_accept(head.fields.combined(http::FieldId::accept, arena), arena)),
      charsets(parse_accept(head.fields.combined(http::FieldId::accept_charset, arena), arena)),
      encodings(parse_accept(head.fields.combined(http::FieldId::accept_encoding, arena), arena)),
      languages(parse_accept(head.fields.combined(http::FieldId::accept_language, arena), arena)),
      types_are_weighed(std::any_of(types.begin(), types.end(),
                                    [](const auto& type) { return type.quality < 1; })) {}

} // namespace preforkd::negotiation
