#include "modules/content/autoindex/index_query.h"

#include "http/uri.h"
#include "modules/content/autoindex/index_options.h"

namespace preforkd {

namespace {

bool is_one_of(char c, std::string_view all) { return all.find(c) != all.npos; }

void set_format(unsigned& options, char format) {
    options &= ~(unsigned{index_fancy} | index_table);
    if (format != '0') options |= index_fancy;
    if (format == '2') options |= index_table;
}

void set_version_sort(unsigned& options, char on) {
    options = on == '1' ? options | index_version_sort : options & ~unsigned{index_version_sort};
}

// What the arguments left of themselves for other links, by kind; the last of a kind counts.
struct Kept {
    std::string format;
    std::string version;
    std::string pattern_name; // stays when a later pattern is empty or wrong
    std::string pattern;
};

// "C=N" and its like: a letter, '=' and one character of those it may have.
bool apply_letter(IndexQuery& asked, Kept& kept, std::string_view argument) {
    if (argument.size() != 3 || argument[1] != '=') return false;
    const char value = argument[2];
    if (argument[0] == 'C' && is_one_of(value, "NMSD")) {
        asked.key = value;
    } else if (argument[0] == 'O' && is_one_of(value, "AD")) {
        asked.direction = value;
    } else if (argument[0] == 'F' && is_one_of(value, "012")) {
        set_format(asked.options, value);
        kept.format = {';', 'F', '=', value};
    } else if (argument[0] == 'V' && is_one_of(value, "01")) {
        set_version_sort(asked.options, value);
        kept.version = {';', 'V', '=', value};
    } else {
        return false;
    }
    return true;
}

void apply_pattern(IndexQuery& asked, Kept& kept, std::string_view value, Arena& arena) {
    asked.pattern.reset();
    if (value.empty()) return;
    const auto decoded = http::decode_path(value, http::EncodedSlashes::refuse, arena);
    if (decoded.outcome != http::Decoded::Outcome::ok) return;
    asked.pattern = std::string(decoded.path);
    kept.pattern_name = ";P=";
    kept.pattern = http::escape_path(*asked.pattern);
}

} // namespace

void apply_query(IndexQuery& asked, std::string_view query, Arena& arena) {
    Kept kept;
    while (!query.empty()) {
        const auto end = std::min(query.find_first_of("&;"), query.size());
        const auto argument = query.substr(0, end);
        if (argument.starts_with("P=")) apply_pattern(asked, kept, argument.substr(2), arena);
        else if (!apply_letter(asked, kept, argument)) break;
        query.remove_prefix(std::min(end + 1, query.size()));
    }
    asked.kept = kept.format + kept.version + kept.pattern_name + kept.pattern;
}

} // namespace preforkd
