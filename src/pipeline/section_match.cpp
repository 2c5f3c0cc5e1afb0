#include "pipeline/section_match.h"

#include <algorithm>
#include <array>
#include <fnmatch.h>
#include <string>

#include "base/text.h"

namespace preforkd {

using config::Section;

namespace {

constexpr std::size_t most_groups = 32;

} // namespace

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

bool matches_proxy(const Section& section, std::string_view url) {
    if (section.regex) return section.regex->matches(url);
    return url.starts_with(section.pattern) ||
           (section.is_glob && matches_glob(section.pattern, url, false));
}

bool matches_location(const Section& section, std::string_view uri) {
    if (section.regex) return section.regex->matches(uri);
    const std::string& pattern = section.pattern;
    if (section.is_glob) return matches_glob(pattern, uri, true);
    std::string
        merged; // a path matches with its runs of slashes as one, whatever MergeSlashes says
    if (uri.find("//") != std::string_view::npos) {
        for (char c : uri)
            if (c != '/' || !merged.ends_with('/')) merged += c;
        uri = merged;
    }
    if (!uri.starts_with(pattern)) return false;
    return uri.size() == pattern.size() || pattern.ends_with('/') || uri[pattern.size()] == '/';
}

void set_match_variables(const Section& section, std::string_view subject, Request& request) {
    if (!section.regex || section.regex->named_groups().empty()) return;
    if (section.kind == Section::Kind::files) subject.remove_prefix(subject.rfind('/') + 1);
    std::array<std::string_view, most_groups> groups{};
    if (!section.regex->match(subject, groups)) return;
    for (const auto& [name, number] : section.regex->named_groups()) {
        const auto place = static_cast<std::size_t>(number);
        if (place >= groups.size() || !groups[place].data()) continue;
        std::string variable = "MATCH_" + name;
        for (char& c : variable) c = to_upper(c);
        request.set_variable(request.arena.copy(variable), groups[place]);
    }
}

} // namespace preforkd
