// The forms of the status: a page, lines for programs that read Apache's, and JSON.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "modules/content/status/pool_numbers.h"

namespace preforkd::status {

// What is not in the scoreboard.
struct Surroundings {
    std::string_view server_name;
    std::string_view local_ip;
    std::string_view signature; // the page's last line
    std::array<double, 3> loads{};
    std::int64_t ticks_per_second = 100;
};

// `as_table`: whether the slots stand in a table, or (?notable) in lines.
std::string page_text(const PoolNumbers& pool, const Surroundings& surroundings, bool as_table);
std::string auto_text(const PoolNumbers& pool, const Surroundings& surroundings);
std::string json_text(const PoolNumbers& pool);

// "preforkd/0.1.0 (Unix)"
std::string server_version();
std::string_view server_built();
// Processor time in per cent of one processor since the restart.
double cpu_load(const PoolNumbers& pool, std::int64_t ticks_per_second);

} // namespace preforkd::status
