// Paths and patterns as directives give them. Text only: no file is looked at.
#pragma once

#include <string>
#include <string_view>

namespace preforkd::config {

// Without "//", "/./" and "/../"; a slash at the end stays.
std::string normalize_path(std::string_view path);

// `path` below `root` unless it is absolute; normalized.
std::string absolute_path(std::string_view root, std::string_view path);

// Whether `text` is a pattern (*, ?, […]) and not a name.
bool has_wildcard(std::string_view text);

} // namespace preforkd::config
