// The directives of autoindex.
#include "base/text.h"
#include "config/configuration.h"
#include "modules/content/autoindex/autoindex_settings.h"

namespace preforkd {

using config::Arguments;
using config::Invocation;
using config::Shape;
using Kind = IndexItem::Kind;

namespace {

bool has_wildcard(std::string_view text) { return text.find_first_of("*?") != text.npos; }

// fnmatch's idea of one: also [ … ].
bool has_pattern(std::string_view text) {
    const auto bracket = text.find('[');
    return has_wildcard(text) || (bracket != text.npos && text.find(']', bracket + 1) != text.npos);
}

// The files that a directive is for, by where it stands.
std::string place_of(const Invocation& invocation) {
    const auto* section = invocation.section;
    if (!section || section->kind == config::Section::Kind::htaccess) return "*";
    std::string place = section->pattern;
    const bool is_folder = section->kind == config::Section::Kind::directory && !section->regex;
    if (is_folder && !place.ends_with('/')) place += '/';
    return place + "*";
}

std::string subject_of(Kind kind, const std::string& word) {
    if (kind == Kind::by_encoding) return lower(word);
    if (kind == Kind::by_type) return word;
    if (word == "**DIRECTORY**") return "*^^DIRECTORY^^";
    return has_wildcard(word) ? word : "*" + word;
}

IndexItem item(Kind kind, const std::string& word, const Invocation& invocation,
               std::string value) {
    return {kind, subject_of(kind, word), place_of(invocation), std::move(value)};
}

template <Kind Of>
Status add_alternate(AutoindexSettings& settings, Arguments arguments, Invocation& invocation) {
    settings.alternate_texts.add(item(Of, arguments[1], invocation, arguments[0]));
    return {};
}

// "(TXT,/icons/text.gif)" names the text together with the icon.
template <Kind Of>
Status add_icon(AutoindexSettings& settings, Arguments arguments, Invocation& invocation) {
    std::string icon = arguments[0];
    if (icon.starts_with('(')) {
        const auto end = icon.find(')');
        if (end == std::string::npos) return Error{"missing closing paren"};
        const auto comma = std::min(icon.find(','), icon.size());
        settings.alternate_texts.add(item(Of, arguments[1], invocation, icon.substr(1, comma - 1)));
        icon = comma < end ? icon.substr(comma + 1, end - comma - 1) : std::string();
    }
    settings.icons.add(item(Of, arguments[1], invocation, std::move(icon)));
    return {};
}

Status add_description(AutoindexSettings& settings, Arguments arguments) {
    IndexDescription description;
    const std::string& word = arguments[1];
    description.is_path = word.find('/') != std::string::npos;
    description.has_wildcards = description.is_path || has_pattern(word);
    description.pattern = word;
    if (description.has_wildcards)
        description.pattern = (description.is_path ? "*/" : "*") + word + "*";
    description.text = arguments[0];
    settings.descriptions.add(std::move(description));
    return {};
}

// Only the last name of a path counts.
Status ignore(AutoindexSettings& settings, Arguments arguments, Invocation& invocation) {
    const std::string& word = arguments[0];
    settings.ignored.add({word.substr(word.rfind('/') + 1), place_of(invocation)});
    return {};
}

Status forget_ignored(AutoindexSettings& settings, Arguments arguments) {
    settings.forgets_ignored = config::is_on(arguments[0]);
    return {};
}

Status set_options(AutoindexSettings& settings, Arguments arguments, Invocation& invocation) {
    settings.is_outermost = !invocation.section && !invocation.server.is_virtual;
    return set_index_options(settings.look, arguments);
}

Status set_order(AutoindexSettings& settings, Arguments arguments) {
    if (iequals(arguments[0], "Ascending")) settings.direction = 'A';
    else if (iequals(arguments[0], "Descending")) settings.direction = 'D';
    else return Error{"First keyword must be 'Ascending' or 'Descending'"};
    if (iequals(arguments[1], "Name")) settings.key = 'N';
    else if (iequals(arguments[1], "Date")) settings.key = 'M';
    else if (iequals(arguments[1], "Size")) settings.key = 'S';
    else if (iequals(arguments[1], "Description")) settings.key = 'D';
    else return Error{"Second keyword must be 'Name', 'Date', 'Size', or 'Description'"};
    return {};
}

constexpr std::string_view no_fancy_indexing =
    "The FancyIndexing directive is no longer supported. Use IndexOptions FancyIndexing.";

Status refuse_fancy_indexing(Invocation&, Arguments) {
    return Error{std::string(no_fancy_indexing)};
}

} // namespace

void AutoindexSettings::inherit_from(const AutoindexSettings& outer) {
    look.flags = look.flags.inside(outer.flags_in_force());
    look.inherit_from(outer.look);
    is_outermost = false;
    is_merged_ = true;
    icons.append(outer.icons);
    alternate_texts.append(outer.alternate_texts);
    descriptions.append(outer.descriptions);
    if (!forgets_ignored) ignored.append(outer.ignored);
    forgets_ignored = false;
    config::inherit(default_icon, outer.default_icon);
    config::inherit(header, outer.header);
    config::inherit(readme, outer.readme);
    config::inherit(head_insert, outer.head_insert);
    config::inherit(style_sheet, outer.style_sheet);
    config::inherit(key, outer.key);
    config::inherit(direction, outer.direction);
}

std::vector<config::Directive> autoindex_directives() {
    using config::anywhere;
    using config::edits;
    using config::sets_text;
    constexpr unsigned indexes = config::override_indexes;
    using Settings = AutoindexSettings;
    return {
        {"AddIcon", Shape::first_and_each, anywhere, indexes, edits<add_icon<Kind::by_path>>,
         "an icon URL followed by one or more filenames"},
        {"AddIconByType", Shape::first_and_each, anywhere, indexes, edits<add_icon<Kind::by_type>>,
         "an icon URL followed by one or more MIME types"},
        {"AddIconByEncoding", Shape::first_and_each, anywhere, indexes,
         edits<add_icon<Kind::by_encoding>>,
         "an icon URL followed by one or more content encodings"},
        {"AddAlt", Shape::first_and_each, anywhere, indexes, edits<add_alternate<Kind::by_path>>,
         "alternate descriptive text followed by one or more filenames"},
        {"AddAltByType", Shape::first_and_each, anywhere, indexes,
         edits<add_alternate<Kind::by_type>>,
         "alternate descriptive text followed by one or more MIME types"},
        {"AddAltByEncoding", Shape::first_and_each, anywhere, indexes,
         edits<add_alternate<Kind::by_encoding>>,
         "alternate descriptive text followed by one or more content encodings"},
        {"IndexOptions", Shape::words, anywhere, indexes, edits<set_options>,
         "one or more index options [+|-][]"},
        {"IndexOrderDefault", Shape::two, anywhere, indexes, edits<set_order>,
         "{Ascending,Descending} {Name,Size,Description,Date}"},
        {"IndexIgnore", Shape::each, anywhere, indexes, edits<ignore>,
         "one or more file extensions"},
        {"IndexIgnoreReset", Shape::flag, anywhere, indexes, edits<forget_ignored>,
         "Reset the inherited list of IndexIgnore filenames"},
        {"AddDescription", Shape::first_and_each, anywhere, indexes, edits<add_description>,
         "Descriptive text followed by one or more filenames"},
        {"HeaderName", Shape::one, anywhere, indexes, sets_text<&Settings::header>, "a filename"},
        {"ReadmeName", Shape::one, anywhere, indexes, sets_text<&Settings::readme>, "a filename"},
        {"FancyIndexing", Shape::raw, anywhere, indexes, refuse_fancy_indexing, no_fancy_indexing},
        {"DefaultIcon", Shape::one, anywhere, indexes, sets_text<&Settings::default_icon>,
         "an icon URL"},
        {"IndexStyleSheet", Shape::one, anywhere, indexes, sets_text<&Settings::style_sheet>,
         "URL to style sheet"},
        {"IndexHeadInsert", Shape::one, anywhere, indexes, sets_text<&Settings::head_insert>,
         "String to insert in HTML HEAD section"},
    };
}

} // namespace preforkd
