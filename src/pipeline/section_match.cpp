#include "pipeline/section_match.h"

#include <algorithm>
#include <fnmatch.h>
#include <string>

namespace preforkd {

using config::Section;

int depth_of(std::string_view directory) {
    if (directory == "/") return 0;
    return static_cast<int>(std::count(directory.begin(), directory.end(), '/'));
}

bool matches_glob(const std::string& pattern, std::string_view text, bool slash_is_special) {
    return ::fnmatch(pattern.c_str(), std::string(text).c_str(),
                     slash_is_special ? FNM_PATHNAME : 0) == 0;
}

void add_directory_matches(const SectionList& sections, std::string_view directory,
                           SectionList& into) {
    for (const Section* section : sections) {
        if (section->regex) continue;
        const bool matches = section->is_glob ? matches_glob(section->pattern, directory, true)
                                              : section->pattern == directory;
        if (matches) into.push_back(section);
    }
}

void add_directory_regex_matches(const SectionList& sections, std::string_view path,
                                 SectionList& into) {
    for (const Section* section : sections)
        if (section->regex && section->regex->matches(path)) into.push_back(section);
}

bool matches_file(const Section& section, std::string_view filename) {
    const auto slash = filename.rfind('/');
    const auto name = slash == std::string_view::npos ? filename : filename.substr(slash + 1);
    if (section.regex) return section.regex->matches(name);
    if (section.is_glob) return matches_glob(section.pattern, name, true);
    return section.pattern == name;
}

bool matches_location(const Section& section, std::string_view uri) {
    if (section.regex) return section.regex->matches(uri);
    const std::string& pattern = section.pattern;
    if (section.is_glob) return matches_glob(pattern, uri, true);
    if (!uri.starts_with(pattern)) return false;
    return uri.size() == pattern.size() || pattern.ends_with('/') || uri[pattern.size()] == '/';
}

} // namespace preforkd
