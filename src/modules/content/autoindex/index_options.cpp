#include "modules/content/autoindex/index_options.h"

#include <array>
#include <cstdlib>
#include <fmt/format.h>
#include <string_view>

#include "base/text.h"
#include "config/settings.h"

namespace preforkd {

namespace {

constexpr int usual_icon_width = 20;
constexpr int usual_icon_height = 22;

struct NamedOption {
    std::string_view name;
    IndexOption option;
};

constexpr std::array named_options{
    NamedOption{"FancyIndexing", index_fancy},
    NamedOption{"FoldersFirst", index_folders_first},
    NamedOption{"HTMLTable", index_table},
    NamedOption{"IconsAreLinks", index_icons_are_links},
    NamedOption{"IgnoreCase", index_ignore_case},
    NamedOption{"IgnoreClient", index_ignore_client},
    NamedOption{"ScanHTMLTitles", index_scan_html_titles},
    NamedOption{"SuppressColumnSorting", index_suppress_column_sorting},
    NamedOption{"SuppressDescription", index_suppress_description},
    NamedOption{"SuppressHTMLPreamble", index_suppress_preamble},
    NamedOption{"SuppressIcon", index_suppress_icon},
    NamedOption{"SuppressLastModified", index_suppress_last_modified},
    NamedOption{"SuppressSize", index_suppress_size},
    NamedOption{"SuppressRules", index_suppress_rules},
    NamedOption{"TrackModified", index_track_modified},
    NamedOption{"VersionSort", index_version_sort},
    NamedOption{"XHTML", index_xhtml},
    NamedOption{"ShowForbidden", index_show_forbidden},
    NamedOption{"UseOldDateFormat", index_old_dates},
    NamedOption{"AddAltClass", index_alt_class},
};

// "NameWidth=20": the part behind '=', if `word` is of that kind.
std::optional<std::string> value_of(const std::string& word, std::string_view name) {
    if (word.size() <= name.size() || word[name.size()] != '=' || !istarts_with(word, name))
        return std::nullopt;
    return word.substr(name.size() + 1);
}

Error no_minus(std::string_view name) {
    return Error{fmt::format("Cannot combine '-' with {}=n", name)};
}

// A word of IndexOptions that is not a flag: whether it was one of these, or why it is wrong.
using Taken = Result<bool>;

Taken take_icon_size(int& size, int usual, std::string_view name, const std::string& word,
                     char sign) {
    if (iequals(word, name)) {
        size = sign == '-' ? 0 : usual;
        return true;
    }
    const auto value = value_of(word, name);
    if (!value) return false;
    if (sign == '-') return no_minus(name);
    size = std::atoi(value->c_str());
    return true;
}

struct WidthRule {
    std::string_view name;
    int least;
};

Taken take_width(std::optional<ColumnWidth>& width, const WidthRule& rule, const std::string& word,
                 char sign) {
    if (iequals(word, rule.name)) {
        if (sign != '-')
            return Error{fmt::format("{0} with no value may only appear as '-{0}'", rule.name)};
        width = ColumnWidth{};
        return true;
    }
    const auto value = value_of(word, rule.name);
    if (!value) return false;
    if (sign == '-') return no_minus(rule.name);
    if (value->starts_with('*')) {
        if (!width) width.emplace();
        width->adjusts = true;
        return true;
    }
    const int characters = std::atoi(value->c_str());
    if (characters != 0 && characters < rule.least)
        return Error{fmt::format("{} value must be greater than {}", rule.name, rule.least)};
    // What is not a number leaves the usual width.
    width = ColumnWidth{false, characters != 0 ? std::optional(characters) : std::nullopt};
    return true;
}

Taken take_value(IndexLook& look, const std::string& word, char sign) {
    auto taken = take_icon_size(look.icon_width, usual_icon_width, "IconWidth", word, sign);
    if (!taken || *taken) return taken;
    taken = take_icon_size(look.icon_height, usual_icon_height, "IconHeight", word, sign);
    if (!taken || *taken) return taken;
    taken = take_width(look.name_width, {"NameWidth", 5}, word, sign);
    if (!taken || *taken) return taken;
    taken = take_width(look.description_width, {"DescriptionWidth", 12}, word, sign);
    if (!taken || *taken) return taken;
    if (auto type = value_of(word, "Type")) {
        look.type = std::move(*type);
        return true;
    }
    if (auto charset = value_of(word, "Charset")) {
        look.charset = std::move(*charset);
        return true;
    }
    return false;
}

// 0 for a word that is no flag.
unsigned option_named(std::string_view word) {
    for (const auto& named : named_options)
        if (iequals(named.name, word)) return named.option;
    return 0;
}

void change(IndexFlags& flags, unsigned option, char sign) {
    if (sign == '+') {
        flags.added |= option;
        flags.removed &= ~option;
    } else if (sign == '-') {
        flags.removed |= option;
        flags.added &= ~option;
    } else {
        flags = {flags.set | option, 0, 0};
    }
}

Status take_word(IndexLook& look, const std::string& written) {
    const bool has_sign = written.starts_with('+') || written.starts_with('-');
    const char sign = has_sign ? written.front() : '\0';
    const std::string word = written.substr(has_sign ? 1 : 0);
    if (iequals(word, "None")) {
        if (has_sign) return Error{"Cannot combine '+' or '-' with 'None' keyword"};
        look.flags = {index_none, 0, 0};
        return {};
    }
    const unsigned option = option_named(word);
    if (option == 0) {
        const auto taken = take_value(look, word, sign);
        if (!taken) return taken.error();
        if (!*taken) return Error{"Invalid directory indexing option"};
    }
    change(look.flags, option, sign);
    return {};
}

} // namespace

IndexFlags IndexFlags::inside(const IndexFlags& outer) const {
    if (set == index_none) return {index_none, 0, 0};
    if (set != 0) return {set, 0, 0};
    IndexFlags result;
    result.added = (outer.added | added) & ~removed;
    result.removed = outer.removed | removed;
    result.set = ((outer.set & ~unsigned{index_none}) | result.added) & ~result.removed;
    return result;
}

void IndexLook::inherit_from(const IndexLook& outer) {
    config::inherit(name_width, outer.name_width);
    config::inherit(description_width, outer.description_width);
    config::inherit(type, outer.type);
    config::inherit(charset, outer.charset);
    if (icon_width == 0) icon_width = outer.icon_width;
    if (icon_height == 0) icon_height = outer.icon_height;
}

Status set_index_options(IndexLook& look, std::span<const std::string> words) {
    for (const auto& word : words) {
        if (word.empty()) break; // as Apache, which takes it for the end of the line
        if (auto taken = take_word(look, word); !taken) return taken;
    }
    if ((look.flags.set & index_none) && look.flags.set != index_none)
        return Error{"Cannot combine other IndexOptions keywords with 'None'"};
    return {};
}

} // namespace preforkd
