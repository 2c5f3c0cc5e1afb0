// Paths as ProxyPass … mapping=encoded|servlet compares them: not decoded, but with all that leads
// up resolved, so that what is compared is what the other server will see.
#pragma once

#include <optional>
#include <string_view>

#include "base/arena.h"

namespace preforkd::proxy {

enum class PathMapping : unsigned char {
    decoded, // as everything else
    encoded,
    servlet, // as servlet containers read a path: "/..;v=1/" leads up, "/a;b/" is "/a/"
};

// What the client sent, with "%61" as "a" (RFC 3986 §6.2.2.2) and "/../" resolved. Nothing where it
// climbs out of the root.
std::optional<std::string_view> resolved_path(std::string_view sent, PathMapping mapping,
                                              bool merge_slashes, Arena& arena);

// "/a;b/c;d" → "/a/c"
std::string_view without_parameters(std::string_view path, Arena& arena);

// How much of `path` stands for `route`, whatever the parameters of its segments; 0 for none.
std::size_t covered_by_servlet(std::string_view path, std::string_view route);

} // namespace preforkd::proxy
