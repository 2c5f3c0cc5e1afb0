// Numbers and times as Apache's status page writes them.
#pragma once

#include <cstdint>
#include <string>

namespace preforkd::status {

constexpr float bytes_per_kilobyte = 1024;

// printf's %g as APR prints it: without the zero before the point (".5").
std::string number_text(double number, int digits = 6);
// "512 B", "8.0 kB", "2.9 MB"
std::string bytes_text(std::uint64_t bytes);
// The same for a number of KiB, which begins with "12 kB".
std::string kilobytes_text(std::uint64_t kilobytes);
// " 2 minutes 57 seconds": every part begins with a blank.
std::string uptime_text(std::int64_t seconds);
// "Saturday, 21-Nov-2026 08:13:07 UTC"
std::string time_text(std::int64_t second);

} // namespace preforkd::status
