// What this program calls itself: the Server field, -v and the error log.
#pragma once

#include <string_view>

namespace preforkd::product {

inline constexpr std::string_view name = "preforkd";
inline constexpr std::string_view version = "0.1.0";
inline constexpr std::string_view platform = "Unix";
// The Apache whose configuration and behaviour this program has: what <IfVersion> compares with.
inline constexpr std::string_view apache_version = "2.4.71";
// When this program was compiled: "Nov 21 2026 12:00:00".
std::string_view built();

} // namespace preforkd::product
