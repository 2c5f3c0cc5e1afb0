// Which sections a path matches, in the order in which Apache merges them.
#pragma once

#include <string_view>
#include <vector>

#include "config/configuration.h"
#include "pipeline/request.h"

namespace preforkd {

using SectionList = std::vector<const config::Section*>;

// How deep a directory is: "/" 0, "/var" 1, "/var/www" 2.
int depth_of(std::string_view directory);

// <Directory> sections whose pattern is exactly `directory` (equal or by glob), without regexes.
void add_directory_matches(const SectionList& sections, std::string_view directory,
                           SectionList& into);
// <DirectoryMatch> sections, against the whole path (a directory ends in '/').
void add_directory_regex_matches(const SectionList& sections, std::string_view path,
                                 SectionList& into);
// <Files> sections, against the last segment of a file name.
bool matches_file(const config::Section& section, std::string_view filename);
// <Proxy> sections, against another server's URL.
bool matches_proxy(const config::Section& section, std::string_view url);
// <Location> sections, against a decoded path.
bool matches_location(const config::Section& section, std::string_view uri);

// The named groups of a section's regular expression become variables: (?<site>…) is MATCH_SITE.
void set_match_variables(const config::Section& section, std::string_view subject,
                         Request& request);

// Apache's wildcard rules: * ? […]; with `slash_is_special` they never match a '/'.
bool matches_glob(const std::string& pattern, std::string_view text, bool slash_is_special);

} // namespace preforkd
