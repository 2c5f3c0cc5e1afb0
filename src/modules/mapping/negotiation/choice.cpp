#include "modules/mapping/negotiation/choice.h"

#include "base/text.h"

namespace preforkd::negotiation {

namespace {

bool is_useless(const Variant& variant) {
    return variant.encoding_quality == 0 || variant.language_quality == 0 ||
           variant.source_quality == 0 || variant.charset_quality == 0 || variant.type_quality == 0;
}

bool has_special_charset(const Variant& variant) {
    return !variant.charset.empty() && variant.charset != "iso-8859-1";
}

// 1 where `a` is better, -1 where it is worse.
template <class T>
int compare(T a, T b) {
    return a > b ? 1 : a < b ? -1 : 0;
}

// A place in LanguagePriority is better than none, and an early one than a late one.
int compare_places(int a, int b) {
    if (a < 0 || b < 0) return compare(a >= 0, b >= 0);
    return compare(b, a);
}

int compare_as_apache(const Variant& a, const Variant& b) {
    if (const int types =
            compare(a.type_quality * a.source_quality, b.type_quality * b.source_quality))
        return types;
    if (const int languages = compare(a.language_quality, b.language_quality)) return languages;
    if (const int places = compare_places(a.language_place, b.language_place)) return places;
    if (const int charsets = compare(a.charset_quality, b.charset_quality)) return charsets;
    if (has_special_charset(a) && !has_special_charset(b)) return 1;
    if (const int encodings = compare(a.encoding_quality, b.encoding_quality)) return encodings;
    return compare(length_of(b), length_of(a));
}

float standard_quality(const Variant& variant) {
    return variant.type_quality * variant.source_quality * variant.charset_quality *
           variant.language_quality;
}

int compare_by_standard(const Variant& a, const Variant& b) {
    if (const int whole = compare(standard_quality(a), standard_quality(b))) return whole;
    return compare(a.encoding_quality, b.encoding_quality);
}

} // namespace

NegotiateField::NegotiateField(const http::RequestHead& head) {
    const auto* field = head.fields.find("Negotiate");
    if (!field) return;
    // Lynx says so and understands nothing of it.
    if (*field == "trans" &&
        head.fields.value_or_empty(http::FieldId::user_agent).starts_with("Lynx"))
        return;
    lets_server_choose = false;
    for (const auto word : split(*field, ',')) {
        const bool is_known = word == "trans" || word == "vlist" || word == "guess-small" ||
                              word == "*" || (!word.empty() && is_digit(word.front()));
        if (!is_known) continue;
        understands_lists = wants_alternates = true;
        if (word == "1.0") lets_server_choose = wants_standard_choice = means_its_fields = true;
        if (word == "*") lets_server_choose = means_its_fields = true;
    }
}

const Variant* choose(const Variants& variants, bool by_standard) {
    const Variant* best = nullptr;
    for (const auto& variant : variants) {
        if (is_useless(variant)) continue;
        if (!best || (by_standard ? compare_by_standard(variant, *best)
                                  : compare_as_apache(variant, *best)) > 0)
            best = &variant;
    }
    return best && by_standard && !best->is_definite ? nullptr : best;
}

std::uint64_t length_of(const Variant& variant) {
    if (variant.length) return *variant.length;
    if (variant.body) return variant.body->size();
    return variant.found ? static_cast<std::uint64_t>(variant.found->storage.status.st_size) : 0;
}

} // namespace preforkd::negotiation
