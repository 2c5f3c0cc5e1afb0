#include "config/words.h"

#include "base/text.h"

namespace preforkd::config {

namespace {

std::string_view without_leading_space(std::string_view text) {
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    return text;
}

// `quote` is 0 outside quotes.
bool is_escape(std::string_view text, std::size_t i, char quote) {
    if (text[i] != '\\' || i + 1 == text.size()) return false;
    return text[i + 1] == '\\' || (quote != 0 && text[i + 1] == quote);
}

std::string unescaped(std::string_view text, char quote) {
    if (text.find('\\') == text.npos) return std::string(text);
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (is_escape(text, i, quote)) ++i;
        result += text[i];
    }
    return result;
}

// Where the quoted text ends that begins at 0; its size where it is never closed.
std::size_t end_of_quoted(std::string_view text, char quote) {
    std::size_t i = 0;
    while (i < text.size() && text[i] != quote) i += is_escape(text, i, quote) ? 2 : 1;
    return i;
}

} // namespace

std::string next_word(std::string_view& rest) {
    rest = without_leading_space(rest);
    if (rest.empty()) return {};
    std::string word;
    const char quote = rest.front();
    if (quote == '"' || quote == '\'') {
        rest.remove_prefix(1);
        const auto end = end_of_quoted(rest, quote);
        word = unescaped(rest.substr(0, end), quote);
        rest.remove_prefix(end < rest.size() ? end + 1 : end);
    } else {
        std::size_t end = 0;
        while (end < rest.size() && !is_space(rest[end])) ++end;
        word = unescaped(rest.substr(0, end), 0);
        rest.remove_prefix(end);
    }
    rest = without_leading_space(rest);
    return word;
}

std::vector<std::string> split_words(std::string_view text) {
    std::vector<std::string> words;
    for (auto rest = without_leading_space(text); !rest.empty();) words.push_back(next_word(rest));
    return words;
}

} // namespace preforkd::config
