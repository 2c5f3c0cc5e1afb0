// The lines of a listing and their order.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace preforkd {

// One line. The way up is an entry whose name is a path: it starts with '/'. Texts are the
// configuration's, the request's or the folder's.
struct IndexEntry {
    std::string_view name;      // a folder's ends with '/'
    bool comes_first = false;   // a folder, with FoldersFirst
    std::int64_t size = -1;     // bytes; -1: none
    std::int64_t modified = -1; // microseconds since 1970; -1: none
    const std::string* icon = nullptr;
    std::optional<std::string_view> alternate_text = {}; // for the icon
    std::optional<std::string_view> description = {};    // HTML

    bool is_way_up() const { return name.starts_with('/'); }
};

struct IndexOrder {
    char key = 'N'; // by 'N'ame, 'M'odification, 'S'ize or 'D'escription
    bool ascending = true;
    bool by_version = false;
    bool ignores_case = false;
};

void sort_entries(std::vector<IndexEntry>& entries, const IndexOrder& order);

// Text in which runs of digits count as numbers: below, above or 0. Numbers with a leading zero
// compare like fractions, and white space counts for nothing.
int compare_by_version(std::string_view a, std::string_view b, bool ignores_case);

} // namespace preforkd
