// Which icon, text and description a file gets, and which files are left out.
#pragma once

#include <string>
#include <string_view>

#include "modules/content/autoindex/autoindex_settings.h"

namespace preforkd {

// '*' is any text and '?' any character; nothing else is special (Apache: ap_strcmp_match).
bool matches_wildcards(std::string_view text, std::string_view pattern);
bool imatches_wildcards(std::string_view text, std::string_view pattern);

// The shell's patterns, where a backslash means itself. With `period_is_special` a leading '.' is
// matched by nothing but itself.
bool matches_shell_pattern(const std::string& text, const std::string& pattern,
                           bool period_is_special);

// What an icon is looked for. A folder has only a path.
struct IndexSubject {
    std::string_view path;
    std::string_view type = {}; // without parameters
    std::string_view encoding = {};
    bool only_path = true;
};

// The value of the first item that fits, or nullptr.
const std::string* find_item(const Entries<IndexItem>& items, const IndexSubject& subject);

const std::string* find_description(const Entries<IndexDescription>& descriptions,
                                    const std::string& path);

bool is_ignored(const Entries<IgnoredNames>& ignored, std::string_view path);

} // namespace preforkd
