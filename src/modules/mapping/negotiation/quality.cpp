#include "modules/mapping/negotiation/quality.h"

#include <algorithm>

#include "base/text.h"

namespace preforkd::negotiation {

namespace {

constexpr std::string_view usual_charset = "iso-8859-1";

// How exactly a pattern names a type: 0 not at all, 1 "*/*", 2 "text/*", 3 the type.
int match_type(std::string_view pattern, std::string_view type) {
    if (pattern == "*/*" || pattern == "*") return 1;
    if (pattern == type) return 3;
    if (!pattern.ends_with("/*")) return 0;
    return type.starts_with(pattern.substr(0, pattern.size() - 1)) ? 2 : 0;
}

// A client that weighs nothing means with a wildcard that it would take the rest as well.
float weight(const Acceptable& accepted, int exactness, const Judgement& judgement) {
    if (judgement.is_kind && !judgement.accepted.types_are_weighed) {
        if (exactness == 1) return 0.01F;
        if (exactness == 2) return 0.02F;
    }
    return accepted.quality;
}

void judge_type(Variant& variant, const Judgement& judgement) {
    if (variant.type == script_type) {
        variant.type_quality = judgement.script_quality;
        return;
    }
    const AcceptList& types = judgement.accepted.types;
    if (types.empty()) { // as if the client had sent */*
        variant.is_definite = false;
        return;
    }
    int best = 0;
    variant.type_quality = 0;
    for (const auto& accepted : types) {
        const int exactness = match_type(accepted.name, variant.type);
        if (exactness <= best) continue;
        best = exactness;
        variant.type_quality = weight(accepted, exactness, judgement);
    }
    variant.is_definite = variant.is_definite && best == 3;
}

void judge_charset(Variant& variant, const AcceptList& charsets) {
    if (charsets.empty()) {
        if (!variant.charset.empty()) variant.is_definite = false;
        return;
    }
    if (variant.charset.empty() && !variant.type.starts_with("text/")) return;
    const auto charset = variant.charset.empty() ? usual_charset : variant.charset;
    std::optional<float> otherwise;
    for (const auto& accepted : charsets) {
        if (accepted.name == charset) {
            variant.charset_quality = accepted.quality;
            return;
        }
        if (accepted.name == "*") otherwise = accepted.quality;
    }
    if (otherwise) variant.is_definite = false;
    variant.charset_quality = otherwise.value_or(charset == usual_charset ? 1.0F : 0.0F);
}

std::string_view without_x(std::string_view encoding) {
    return encoding.starts_with("x-") ? encoding.substr(2) : encoding;
}

void judge_encoding(Variant& variant, const AcceptList& encodings) {
    const bool plain = is_identity(variant.encoding);
    if (encodings.empty()) {
        variant.encoding_quality = plain ? 1.0F : 0.5F;
        return;
    }
    float otherwise = plain ? 0.0001F : 0.0F;
    const auto wanted = plain ? "identity" : without_x(variant.encoding);
    for (const auto& accepted : encodings) {
        if (without_x(accepted.name) == wanted) {
            variant.encoding_quality = accepted.quality;
            return;
        }
        if (accepted.name == "*") otherwise = accepted.quality;
    }
    variant.encoding_quality = otherwise;
}

// "en" names "en" and "en-GB".
bool covers(std::string_view range, std::string_view language) {
    return language.starts_with(range) &&
           (language.size() == range.size() || language[range.size()] == '-');
}

struct LanguageMatch {
    float quality = 0;
    bool is_definite = false;
};

// For one language: the longest range that covers it; else a wildcard, else, with kindness, "en"
// for a client that asked for "en-US".
LanguageMatch match_language(std::string_view language, const Judgement& judgement) {
    const Acceptable* best = nullptr;
    LanguageMatch otherwise;
    for (const auto& accepted : judgement.accepted.languages) {
        if (accepted.name == "*") {
            otherwise.quality = std::max(otherwise.quality, accepted.quality);
            continue;
        }
        if (covers(accepted.name, language) && (!best || accepted.name.size() > best->name.size()))
            best = &accepted;
        const auto dash = accepted.name.find('-');
        if (judgement.is_kind && dash != accepted.name.npos &&
            language.starts_with(accepted.name.substr(0, dash)))
            otherwise.quality = std::max(otherwise.quality, 0.001F);
    }
    return best ? LanguageMatch{best->quality, true} : otherwise;
}

// "en" of LanguagePriority stands for "en-GB", too.
int place_of(std::string_view language, const std::vector<std::string>& languages) {
    const auto found =
        std::find_if(languages.begin(), languages.end(),
                     [language](const std::string& begin) { return language.starts_with(begin); });
    return found == languages.end() ? -1 : static_cast<int>(found - languages.begin());
}

// ForceLanguagePriority Fallback: rather a language that nobody asked for than none.
void fall_back(Variant& variant, const NegotiationSettings& settings) {
    for (const auto language : variant.languages) {
        const int place = place_of(language, settings.languages);
        if (place < 0) continue;
        variant.language_quality = 0.0001F; // as much as one without a language
        if (variant.language_place < 0 || place < variant.language_place)
            variant.language_place = place;
    }
}

void judge_languages(Variant& variant, const Judgement& judgement, float without_any) {
    const bool asked = !judgement.accepted.languages.empty();
    if (variant.languages.empty()) {
        if (judgement.is_kind) variant.language_quality = without_any;
        if (asked) variant.is_definite = false;
        return;
    }
    LanguageMatch best;
    for (const auto language : variant.languages) {
        const auto match = match_language(language, judgement);
        if (match.quality > best.quality) best = match;
        if (!judgement.settings.effective_force().prefer) continue;
        const int place = place_of(language, judgement.settings.languages);
        if (place >= 0 && (variant.language_place < 0 || place < variant.language_place))
            variant.language_place = place;
    }
    if (asked) variant.language_quality = best.quality;
    if (!asked || !best.is_definite) variant.is_definite = false;
    if (variant.language_quality == 0 && judgement.settings.effective_force().fallback)
        fall_back(variant, judgement.settings);
}

bool is_in(const Variant& variant, std::string_view language) {
    return std::find(variant.languages.begin(), variant.languages.end(), language) !=
           variant.languages.end();
}

} // namespace

bool is_identity(std::string_view encoding) {
    for (const std::string_view plain : {"", "7bit", "8bit", "binary", "identity"})
        if (encoding == plain) return true;
    return false;
}

void judge(Variants& variants, const Judgement& judgement) {
    const bool any_language =
        std::any_of(variants.begin(), variants.end(),
                    [](const Variant& variant) { return !variant.languages.empty(); });
    for (auto& variant : variants) {
        variant.language_quality = 1; // another language may have been wished for before
        variant.is_definite = true;
        judge_type(variant, judgement);
        if (judgement.only_language.empty())
            judge_languages(variant, judgement, any_language ? 0.0001F : 1.0F);
        else variant.language_quality = is_in(variant, judgement.only_language) ? 1.0F : 0.0F;
        judge_encoding(variant, judgement.accepted.encodings);
        judge_charset(variant, judgement.accepted.charsets);
    }
}

} // namespace preforkd::negotiation
