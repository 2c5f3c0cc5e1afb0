// The HTML of a listing, byte for byte Apache's.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "modules/content/autoindex/autoindex_settings.h"
#include "modules/content/autoindex/index_entry.h"
#include "modules/content/autoindex/index_query.h"

namespace preforkd {

// What all parts of a page go by.
struct IndexPage {
    const AutoindexSettings& settings;
    const IndexQuery& query;
    std::string text = {};

    bool has(IndexOption option) const { return (query.options & option) != 0; }
    bool is_styled() const { return settings.style_sheet.has_value(); }
    // How an element without content ends.
    std::string_view end_of_empty() const { return has(index_xhtml) ? " />" : ">"; }
};

// Up to <body>. `title` is HTML.
void add_preamble(IndexPage& page, std::string_view title);
void add_heading(IndexPage& page, std::string_view title);
// The content of a text file.
void add_plain_text(IndexPage& page, std::string_view content);
// The list itself, in the form that the options name.
void add_list(IndexPage& page, std::vector<IndexEntry>& entries);

// Cuts HTML behind `width` visible characters.
void cut_description(std::string& text, int width);

} // namespace preforkd
