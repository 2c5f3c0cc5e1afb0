#include "modules/mapping/speling/likeness.h"

#include "base/text.h"

namespace preforkd {

Likeness likeness(std::string_view asked, std::string_view present) {
    if (asked == present) return Likeness::identical;
    if (iequals(asked, present)) return Likeness::miscapitalized;
    while (!asked.empty() && !present.empty() && to_lower(asked[0]) == to_lower(present[0])) {
        asked.remove_prefix(1);
        present.remove_prefix(1);
    }
    const auto after = [](std::string_view text, std::size_t count) {
        return text.size() < count ? std::string_view() : text.substr(count);
    };
    if (asked.size() > 1 && present.size() > 1 &&
        iequals(asked.substr(0, 2), std::string{present[1], present[0]}) &&
        iequals(after(asked, 2), after(present, 2)))
        return Likeness::transposed;
    if (!present.empty() && iequals(asked, after(present, 1))) return Likeness::character_missing;
    if (!asked.empty() && iequals(after(asked, 1), present)) return Likeness::extra_character;
    if (!asked.empty() && !present.empty() && iequals(after(asked, 1), after(present, 1)))
        return Likeness::mistyped;
    return Likeness::none;
}

bool has_basename_of(std::string_view asked, std::string_view present) {
    const auto name = asked.substr(0, asked.find('.'));
    return iequals(present.substr(0, present.find('.')), name);
}

std::string_view describe(Likeness likeness) {
    switch (likeness) {
    case Likeness::identical: return "identical";
    case Likeness::miscapitalized: return "miscapitalized";
    case Likeness::transposed: return "transposed characters";
    case Likeness::character_missing: return "character missing";
    case Likeness::extra_character: return "extra character";
    case Likeness::mistyped: return "mistyped character";
    case Likeness::common_basename: return "common basename";
    case Likeness::none: break;
    }
    return "";
}

} // namespace preforkd
