#include "config/paths.h"

#include <vector>

namespace preforkd::config {

std::string normalize_path(std::string_view path) {
    const bool absolute = path.starts_with('/');
    bool ends_in_slash = path.ends_with('/');
    std::vector<std::string_view> segments;
    while (!path.empty()) {
        const auto slash = path.find('/');
        const auto segment = path.substr(0, slash);
        const bool last = slash == std::string_view::npos;
        path.remove_prefix(last ? path.size() : slash + 1);
        if (segment.empty()) continue;
        if (segment == "." || segment == "..") ends_in_slash = ends_in_slash || last;
        if (segment == ".") continue;
        const bool above = segments.empty() || segments.back() == "..";
        if (segment != ".." || (above && !absolute)) segments.push_back(segment);
        else if (!segments.empty()) segments.pop_back();
    }
    std::string result(absolute ? "/" : "");
    for (std::size_t i = 0; i < segments.size(); ++i) {
        if (i > 0) result += '/';
        result += segments[i];
    }
    if (ends_in_slash && !segments.empty()) result += '/';
    return result;
}

std::string absolute_path(std::string_view root, std::string_view path) {
    if (path.starts_with('/')) return normalize_path(path);
    return normalize_path(std::string(root) + '/' + std::string(path));
}

bool has_wildcard(std::string_view text) {
    bool in_brackets = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        switch (text[i]) {
        case '*':
        case '?': return true;
        case '\\': ++i; break;
        case '[': in_brackets = true; break;
        case ']':
            if (in_brackets) return true;
            break;
        default: break;
        }
    }
    return false;
}

} // namespace preforkd::config
