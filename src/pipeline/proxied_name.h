// How a request says that another server answers it: where its file's name, or its handler's, would
// stand, there is "proxy:" and a URL, in Apache's logs and rules as here.
#pragma once

#include <string_view>

namespace preforkd {

inline constexpr std::string_view proxied_prefix = "proxy:";

inline bool is_proxied(std::string_view name) { return name.starts_with(proxied_prefix); }

// Requires: is_proxied(name).
inline std::string_view proxied_url(std::string_view name) {
    return name.substr(proxied_prefix.size());
}

} // namespace preforkd
