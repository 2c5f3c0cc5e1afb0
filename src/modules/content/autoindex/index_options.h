// IndexOptions: the flags of a listing and how those of nested places add up.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "base/result.h"

namespace preforkd {

enum IndexOption : unsigned {
    index_none = 1, // said in so many words
    index_icons_are_links = 2,
    index_scan_html_titles = 4,
    index_suppress_icon = 8,
    index_suppress_last_modified = 16,
    index_suppress_size = 32,
    index_suppress_description = 64,
    index_suppress_preamble = 128,
    index_suppress_column_sorting = 256,
    index_suppress_rules = 512,
    index_folders_first = 1024,
    index_version_sort = 2048,
    index_track_modified = 4096,
    index_fancy = 8192,
    index_table = 16384,
    index_ignore_client = 32768,
    index_ignore_case = 65536,
    index_xhtml = 131072,
    index_show_forbidden = 262144,
    index_old_dates = 524288,
    index_alt_class = 1048576,
};

// Options without a sign replace what is inherited, those with one change it.
struct IndexFlags {
    unsigned set = 0;
    unsigned added = 0;
    unsigned removed = 0;

    // What holds in a place that says this, inside one where `outer` holds.
    IndexFlags inside(const IndexFlags& outer) const;
    friend bool operator==(const IndexFlags&, const IndexFlags&) = default;
};

// How wide a column is.
struct ColumnWidth {
    bool adjusts = false; // to the longest text ("*")
    std::optional<int> characters;
};

// All that IndexOptions says.
struct IndexLook {
    IndexFlags flags;
    std::optional<ColumnWidth> name_width;
    std::optional<ColumnWidth> description_width;
    int icon_width = 0; // pixels; 0: not said
    int icon_height = 0;
    std::optional<std::string> type;
    std::optional<std::string> charset;

    void inherit_from(const IndexLook& outer);
};

// Takes the words of one directive. Fails in Apache's words.
Status set_index_options(IndexLook& look, std::span<const std::string> words);

} // namespace preforkd
