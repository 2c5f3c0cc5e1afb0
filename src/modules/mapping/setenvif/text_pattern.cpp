#include "modules/mapping/setenvif/text_pattern.h"

namespace preforkd {

namespace {

constexpr std::string_view special = "^.$|()[]*+?{}";

// The text that `pattern` matches, when it says no more than that.
std::optional<std::string> plain_text(std::string_view pattern) {
    std::string text;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        char c = pattern[i];
        if (special.find(c) != std::string_view::npos) return std::nullopt;
        if (c == '\\') {
            if (++i == pattern.size()) return std::nullopt;
            c = pattern[i];
            if (c != '\\' && special.find(c) == std::string_view::npos) return std::nullopt;
        }
        text += c;
    }
    return text;
}

} // namespace

Result<TextPattern> TextPattern::compile(std::string_view pattern, Regex::Case letter_case) {
    TextPattern made;
    if (letter_case == Regex::Case::sensitive) {
        if (auto text = plain_text(pattern)) {
            made.text_ = std::move(*text);
            return made;
        }
    }
    auto regex = Regex::compile(pattern, letter_case);
    if (!regex) return regex.error();
    made.regex_ = std::move(*regex);
    return made;
}

bool TextPattern::match(std::string_view subject, std::span<std::string_view> groups) const {
    if (!regex_) return subject.find(text_) != std::string_view::npos;
    return groups.empty() ? regex_->matches(subject) : regex_->match(subject, groups);
}

} // namespace preforkd
