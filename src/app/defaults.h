// Where things are when nobody says otherwise.
#pragma once

#include <string_view>

namespace preforkd::defaults {

inline constexpr std::string_view server_root = "/etc/preforkd";
inline constexpr std::string_view configuration_file = "prefork.conf";
inline constexpr std::string_view runtime_dir = "/run/preforkd";
inline constexpr std::string_view pid_file = "preforkd.pid";
inline constexpr std::string_view document_root = "/var/www/html";

} // namespace preforkd::defaults
