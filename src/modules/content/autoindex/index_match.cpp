#include "modules/content/autoindex/index_match.h"

#include <fnmatch.h>

#include "base/text.h"

namespace preforkd {

namespace {

// Goes back to the last '*' where the text does not go on as the pattern does.
template <class Same>
bool matches(std::string_view text, std::string_view pattern, Same same) {
    std::size_t at = 0, place = 0;
    std::size_t star = pattern.npos, tried = 0;
    while (at < text.size()) {
        if (place < pattern.size() && pattern[place] == '*') {
            star = place++;
            tried = at;
        } else if (place < pattern.size() &&
                   (pattern[place] == '?' || same(pattern[place], text[at]))) {
            ++place;
            ++at;
        } else if (star != pattern.npos) {
            place = star + 1;
            at = ++tried;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', place) == pattern.npos;
}

std::string_view last_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

bool fits(const IndexItem& item, const IndexSubject& subject) {
    using Kind = IndexItem::Kind;
    // "^^DIRECTORY^^" and "^^BLANKICON^^" are no paths.
    const bool is_special = subject.path.starts_with('^');
    if (!is_special && !matches_wildcards(subject.path, item.place)) return false;
    if (item.applies_to.empty()) return true;
    if (is_special || item.kind == Kind::by_path)
        return matches_wildcards(subject.path, item.applies_to);
    if (subject.only_path) return false;
    if (!subject.encoding.empty())
        return item.kind == Kind::by_encoding &&
               imatches_wildcards(subject.encoding, item.applies_to);
    return item.kind == Kind::by_type && !subject.type.empty() &&
           imatches_wildcards(subject.type, item.applies_to);
}

} // namespace

bool matches_wildcards(std::string_view text, std::string_view pattern) {
    return matches(text, pattern, [](char a, char b) { return a == b; });
}

bool imatches_wildcards(std::string_view text, std::string_view pattern) {
    return matches(text, pattern, [](char a, char b) { return to_lower(a) == to_lower(b); });
}

bool matches_shell_pattern(const std::string& text, const std::string& pattern,
                           bool period_is_special) {
    const int flags = FNM_NOESCAPE | (period_is_special ? FNM_PERIOD : 0);
    return ::fnmatch(pattern.c_str(), text.c_str(), flags) == 0;
}

const std::string* find_item(const Entries<IndexItem>& items, const IndexSubject& subject) {
    for (const auto* item : items)
        if (fits(*item, subject)) return &item->value;
    return nullptr;
}

const std::string* find_description(const Entries<IndexDescription>& descriptions,
                                    const std::string& path) {
    const std::string name(last_name(path));
    for (const auto* description : descriptions) {
        const std::string& subject = description->is_path ? path : name;
        const bool found = description->has_wildcards
                               ? matches_shell_pattern(subject, description->pattern, false)
                               : subject.find(description->pattern) != std::string::npos;
        if (found) return &description->text;
    }
    return nullptr;
}

bool is_ignored(const Entries<IgnoredNames>& ignored, std::string_view path) {
    for (const auto* names : ignored)
        if (matches_wildcards(path, names->place) &&
            matches_wildcards(last_name(path), names->applies_to))
            return true;
    return false;
}

} // namespace preforkd
