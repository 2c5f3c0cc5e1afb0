#include "modules/proxy/mapped_path.h"

#include "base/text.h"
#include "http/uri.h"

namespace preforkd::proxy {

namespace {

bool is_unreserved(int c) {
    const char letter = static_cast<char>(c);
    return is_alpha(letter) || is_digit(letter) ||
           (c > 0 && std::string_view("-._~").find(letter) != std::string_view::npos);
}

// The character that an escape at `at` stands for, or -1 where it has to stay one.
int unreserved_at(std::string_view path, std::size_t at) {
    if (path[at] != '%' || at + 2 >= path.size()) return -1;
    const int high = hex_value(path[at + 1]), low = hex_value(path[at + 2]);
    const int c = high < 0 || low < 0 ? -1 : high * 16 + low;
    return is_unreserved(c) ? c : -1;
}

std::string_view with_unreserved_decoded(std::string_view path, Arena& arena) {
    if (path.find('%') == path.npos) return path;
    auto room = arena.bytes(path.size());
    std::size_t size = 0;
    for (std::size_t at = 0; at < path.size(); ++at) {
        const int c = unreserved_at(path, at);
        room[size++] = c < 0 ? path[at] : static_cast<char>(c);
        if (c >= 0) at += 2;
    }
    return {room.data(), size};
}

std::size_t end_of_segment(std::string_view path, std::size_t at) {
    return std::min(path.find('/', at), path.size());
}

// "/..;v=1/" → "/../"
std::string_view with_plain_climbs(std::string_view path, Arena& arena) {
    if (path.find("/..;") == path.npos) return path;
    auto room = arena.bytes(path.size());
    std::size_t size = 0;
    for (std::size_t at = 0; at < path.size(); ++at) {
        room[size++] = path[at];
        if (!path.substr(at).starts_with("/..;")) continue;
        room[size++] = '.';
        room[size++] = '.';
        at = end_of_segment(path, at + 1) - 1;
    }
    return {room.data(), size};
}

} // namespace

std::optional<std::string_view> resolved_path(std::string_view sent, PathMapping mapping,
                                              bool merge_slashes, Arena& arena) {
    auto path = with_unreserved_decoded(sent, arena);
    if (mapping == PathMapping::servlet) path = with_plain_climbs(path, arena);
    return http::normalize_path(path, merge_slashes, arena);
}

std::string_view without_parameters(std::string_view path, Arena& arena) {
    if (path.find(';') == path.npos) return path;
    auto room = arena.bytes(path.size());
    std::size_t size = 0;
    for (std::size_t at = 0; at < path.size(); ++at) {
        if (path[at] == ';') at = end_of_segment(path, at);
        if (at < path.size()) room[size++] = path[at];
    }
    return {room.data(), size};
}

std::size_t covered_by_servlet(std::string_view path, std::string_view route) {
    std::size_t at = 0;
    for (const char c : route) {
        if (c == '/' && at < path.size() && path[at] == ';') at = end_of_segment(path, at);
        if (at == path.size() || path[at] != c) return 0;
        ++at;
    }
    if (route.ends_with('/') || at == path.size() || path[at] == '/') return at;
    return path[at] == ';' ? end_of_segment(path, at) : 0;
}

} // namespace preforkd::proxy
