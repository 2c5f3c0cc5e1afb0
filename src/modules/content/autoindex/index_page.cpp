#include "modules/content/autoindex/index_page.h"

#include <concepts>
#include <ctime>
#include <fmt/format.h>

#include "base/text.h"
#include "http/uri.h"
#include "modules/content/autoindex/index_match.h"

namespace preforkd {

namespace {

constexpr int usual_width = 23; // of names and descriptions

void append(std::string& text, std::convertible_to<std::string_view> auto const&... pieces) {
    (text.append(pieces), ...);
}

// How the two columns of text are laid out in this page.
struct Columns {
    std::size_t name = usual_width;
    int description = usual_width;
};

int width_of(const std::optional<ColumnWidth>& said) {
    return said ? said->characters.value_or(usual_width) : usual_width;
}

bool adjusts(const std::optional<ColumnWidth>& said) { return said && said->adjusts; }

// In a table the browser adjusts what is to be adjusted.
Columns columns_of(const IndexPage& page, const std::vector<IndexEntry>& entries) {
    const auto& look = page.settings.look;
    Columns columns;
    columns.name = static_cast<std::size_t>(width_of(look.name_width));
    columns.description = width_of(look.description_width);
    for (const auto& entry : entries) {
        if (page.has(index_table)) break;
        if (adjusts(look.name_width)) columns.name = std::max(columns.name, entry.name.size());
        const int length = static_cast<int>(entry.description.value_or("").size());
        if (adjusts(look.description_width))
            columns.description = std::max(columns.description, length);
    }
    // Without a DescriptionWidth the columns that are not shown leave their room.
    if (!look.description_width) {
        if (page.has(index_suppress_icon)) columns.description += 6;
        if (page.has(index_suppress_last_modified)) columns.description += 19;
        if (page.has(index_suppress_size)) columns.description += 7;
    }
    return columns;
}

const std::string* special_icon(const IndexPage& page, std::string_view name) {
    return find_item(page.settings.icons, {name});
}

void add_image(IndexPage& page, std::string_view icon, std::string_view alternate_text) {
    append(page.text, "<img src=\"", escape_html(icon), "\" alt=\"", alternate_text, "\"");
    const auto& look = page.settings.look;
    if (look.icon_width != 0) page.text += fmt::format(" width=\"{}\"", look.icon_width);
    if (look.icon_height != 0) page.text += fmt::format(" height=\"{}\"", look.icon_height);
    page.text += page.end_of_empty();
}

// A column's title, with a link to the listing sorted by it.
void add_title(IndexPage& page, char key, std::string_view title) {
    if (page.has(index_suppress_column_sorting)) {
        page.text += title;
        return;
    }
    const auto& query = page.query;
    const char direction = query.key == key && query.direction == 'A' ? 'D' : 'A';
    page.text += fmt::format("<a href=\"?C={};O={}{}\">{}</a>", key, direction, query.kept, title);
}

std::string local_time(const IndexPage& page, std::int64_t micros) {
    const auto seconds = static_cast<std::time_t>(micros / 1'000'000);
    std::tm parts{};
    ::localtime_r(&seconds, &parts);
    char text[32];
    const char* format = page.has(index_old_dates) ? "%d-%b-%Y %H:%M" : "%Y-%m-%d %H:%M";
    return {text, std::strftime(text, sizeof text, format, &parts)};
}

// The name of an entry as a link's target and as it is shown.
struct Names {
    std::string link;
    std::string_view shown;
};

Names names_of(const IndexEntry& entry, bool is_first) {
    const bool is_way_up = is_first && entry.is_way_up();
    return {escape_html(http::escape_link(entry.name)),
            is_way_up ? std::string_view("Parent Directory") : entry.name};
}

// The name as a link, cut and filled up to the column's width.
void add_name(IndexPage& page, const Names& names, std::size_t width) {
    std::string shown(names.shown);
    if (shown.size() > width) shown = shown.substr(0, width - 3) + "..>";
    append(page.text, "<a href=\"", names.link, "\">", escape_html(shown), "</a>");
    page.text.append(width - shown.size(), ' ');
}

const std::string* icon_of(const IndexPage& page, const IndexEntry& entry) {
    if (entry.icon) return entry.icon;
    const auto& usual = page.settings.default_icon;
    return usual ? &*usual : nullptr;
}

// The icon or what stands in its place, inside a link where IconsAreLinks asks for it.
void add_icon(IndexPage& page, const IndexEntry& entry, const Names& names,
              std::string_view without) {
    if (page.has(index_icons_are_links)) append(page.text, "<a href=\"", names.link, "\">");
    if (const auto* icon = icon_of(page, entry)) {
        std::string text = "[";
        append(text, entry.alternate_text.value_or("   "), "]");
        add_image(page, *icon, text);
    } else {
        page.text += without;
    }
    if (page.has(index_icons_are_links)) page.text += "</a>";
}

std::string description_of(const IndexPage& page, const IndexEntry& entry, int width) {
    std::string text(*entry.description);
    const bool whole = page.has(index_table) && adjusts(page.settings.look.description_width);
    if (!whole) cut_description(text, width);
    return text;
}

// Lists that need no table: <ul> and <pre>.

void add_item(IndexPage& page, const Names& names) {
    append(page.text, "<li><a href=\"", names.link, "\"> ", escape_html(names.shown),
           "</a></li>\n");
}

void add_rule(IndexPage& page) {
    page.text += "<hr";
    page.text += page.end_of_empty();
}

void add_fancy_titles(IndexPage& page, std::size_t name_width) {
    page.text += "<pre>";
    if (!page.has(index_suppress_icon)) {
        if (const auto* icon = special_icon(page, "^^BLANKICON^^")) {
            add_image(page, *icon, "Icon ");
            page.text += ' ';
        } else {
            page.text += "      ";
        }
    }
    add_title(page, 'N', "Name");
    page.text.append(name_width - 4, ' ');
    page.text += ' ';
    if (!page.has(index_suppress_last_modified)) {
        add_title(page, 'M', "Last modified");
        page.text += "      ";
    }
    if (!page.has(index_suppress_size)) {
        add_title(page, 'S', "Size");
        page.text += "  ";
    }
    if (!page.has(index_suppress_description)) add_title(page, 'D', "Description");
    if (page.has(index_suppress_rules)) page.text += '\n';
    else add_rule(page);
}

void add_fancy_line(IndexPage& page, const IndexEntry& entry, const Names& names,
                    const Columns& columns) {
    if (!page.has(index_suppress_icon)) {
        add_icon(page, entry, names, "     ");
        page.text += ' ';
    }
    add_name(page, names, columns.name);
    page.text += ' ';
    if (!page.has(index_suppress_last_modified)) {
        if (entry.modified == -1) page.text += "                   ";
        else page.text += local_time(page, entry.modified) + "  ";
    }
    if (!page.has(index_suppress_size)) page.text += short_size(entry.size) + "  ";
    if (!page.has(index_suppress_description) && entry.description)
        page.text += description_of(page, entry, columns.description);
    page.text += '\n';
}

// Tables.

// `tag` with a class where a style sheet can tell, else with what Apache gives it otherwise.
void open_cell(IndexPage& page, std::string_view tag, std::string_view style,
               std::string_view otherwise = {}) {
    if (page.is_styled()) append(page.text, "<", tag, " class=\"indexcol", style, "\">");
    else append(page.text, "<", tag, otherwise, ">");
}

void add_table_title(IndexPage& page, char key, std::string_view style, std::string_view title) {
    open_cell(page, "th", style);
    add_title(page, key, title);
    page.text += "</th>";
}

void add_icon_title(IndexPage& page) {
    open_cell(page, "th", "icon", " valign=\"top\"");
    if (const auto* icon = special_icon(page, "^^BLANKICON^^")) add_image(page, *icon, "[ICO]");
    else page.text += "&nbsp;";
    page.text += "</th>";
}

void add_table_titles(IndexPage& page) {
    page.text += page.is_styled() ? "  <table id=\"indexlist\">\n   <tr class=\"indexhead\">"
                                  : "  <table>\n   <tr>";
    if (!page.has(index_suppress_icon)) add_icon_title(page);
    add_table_title(page, 'N', "name", "Name");
    if (!page.has(index_suppress_last_modified))
        add_table_title(page, 'M', "lastmod", "Last modified");
    if (!page.has(index_suppress_size)) add_table_title(page, 'S', "size", "Size");
    if (!page.has(index_suppress_description)) add_table_title(page, 'D', "desc", "Description");
    page.text += "</tr>\n";
}

void add_table_rule(IndexPage& page) {
    if (page.has(index_suppress_rules)) return;
    int columns = 1;
    for (const auto option : {index_suppress_icon, index_suppress_last_modified,
                              index_suppress_size, index_suppress_description})
        if (!page.has(option)) ++columns;
    page.text += fmt::format("   <tr{}><th colspan=\"{}\"><hr{}</th></tr>\n",
                             page.is_styled() ? " class=\"indexbreakrow\"" : "", columns,
                             page.end_of_empty());
}

void add_table_name(IndexPage& page, const Names& names, std::size_t width) {
    open_cell(page, "td", "name");
    if (adjusts(page.settings.look.name_width))
        append(page.text, "<a href=\"", names.link, "\">", escape_html(names.shown), "</a>");
    else add_name(page, names, width);
    page.text += "</td>";
}

void add_table_time(IndexPage& page, const IndexEntry& entry) {
    const bool has_time = entry.modified != -1;
    open_cell(page, "td", "lastmod", has_time ? " align=\"right\"" : "");
    page.text += has_time ? local_time(page, entry.modified) + "  " : "&nbsp;";
    page.text += "</td>";
}

void open_row(IndexPage& page, std::size_t number, const IndexEntry& entry) {
    if (!page.is_styled()) {
        page.text += "<tr>";
        return;
    }
    std::string style = number % 2 == 0 ? "even" : "odd";
    if (page.has(index_alt_class) && entry.alternate_text)
        style += '-' + lower(*entry.alternate_text);
    page.text += fmt::format("   <tr class=\"{}\">", style);
}

void add_row(IndexPage& page, const IndexEntry& entry, const Names& names, const Columns& columns) {
    if (!page.has(index_suppress_icon)) {
        open_cell(page, "td", "icon", " valign=\"top\"");
        add_icon(page, entry, names, "&nbsp;");
        page.text += "</td>";
    }
    add_table_name(page, names, columns.name);
    if (!page.has(index_suppress_last_modified)) add_table_time(page, entry);
    if (!page.has(index_suppress_size)) {
        open_cell(page, "td", "size", " align=\"right\"");
        page.text += short_size(entry.size) + "</td>";
    }
    if (!page.has(index_suppress_description)) {
        open_cell(page, "td", "desc");
        page.text +=
            entry.description ? description_of(page, entry, columns.description) : "&nbsp;";
        page.text += "</td>";
    }
    page.text += "</tr>\n";
}

void begin_list(IndexPage& page, const Columns& columns) {
    if (page.has(index_table)) {
        add_table_titles(page);
        add_table_rule(page);
    } else if (page.has(index_fancy)) {
        add_fancy_titles(page, columns.name);
    } else {
        page.text += "<ul>";
    }
}

void end_list(IndexPage& page) {
    if (page.has(index_table)) {
        add_table_rule(page);
        page.text += "</table>\n";
    } else if (page.has(index_fancy)) {
        if (!page.has(index_suppress_rules)) add_rule(page);
        page.text += "</pre>\n";
    } else {
        page.text += "</ul>\n";
    }
}

} // namespace

void add_preamble(IndexPage& page, std::string_view title) {
    page.text += page.has(index_xhtml)
                     ? "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Transitional//EN\"\n"
                       "\"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd\">\n"
                       "<html xmlns=\"http://www.w3.org/1999/xhtml\">\n"
                     : "<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 4.01//EN\" "
                       "\"http://www.w3.org/TR/html4/strict.dtd\">\n<html>\n";
    page.text += fmt::format(" <head>\n  <title>Index of {}</title>\n", title);
    const auto& settings = page.settings;
    if (settings.style_sheet)
        page.text += fmt::format("  <link rel=\"stylesheet\" href=\"{}\" type=\"text/css\"{}\n",
                                 *settings.style_sheet, page.end_of_empty());
    if (settings.head_insert) page.text += *settings.head_insert;
    page.text += " </head>\n <body>\n";
}

void add_heading(IndexPage& page, std::string_view title) {
    page.text += fmt::format("{}Index of {}</h1>\n",
                             page.is_styled() ? "  <h1 id=\"indextitle\">" : "<h1>", title);
}

void add_plain_text(IndexPage& page, std::string_view content) {
    page.text += "<pre>\n";
    for (char c : content) {
        if (c == '<') page.text += "&lt;";
        else if (c == '>') page.text += "&gt;";
        else if (c == '&') page.text += "&amp;";
        else page.text += c;
    }
    page.text += "</pre>\n";
}

void add_list(IndexPage& page, std::vector<IndexEntry>& entries) {
    const Columns columns = columns_of(page, entries);
    begin_list(page, columns);
    for (std::size_t number = 0; number < entries.size(); ++number) {
        const auto& entry = entries[number];
        const Names names = names_of(entry, number == 0);
        if (page.has(index_table)) {
            open_row(page, number, entry);
            add_row(page, entry, names, columns);
        } else if (page.has(index_fancy)) {
            add_fancy_line(page, entry, names, columns);
        } else {
            add_item(page, names);
        }
    }
    end_list(page);
}

// A tag counts for nothing and an entity for one character; a cut is marked with '>'.
void cut_description(std::string& text, int width) {
    std::size_t at = 0;
    while (at < text.size() && (width > 0 || text[at] == '<')) {
        const char first = text[at];
        if (first == '<' || first == '&') {
            const auto end = text.find(first == '<' ? '>' : ';', at);
            if (end == text.npos) return;
            at = end;
        }
        if (first != '<') --width;
        ++at;
    }
    if (at >= text.size() || at == 0) return;
    text.resize(at);
    text.back() = '>';
}

} // namespace preforkd
