// The forms of the status: Apache's page, lines for programs that read Apache's, and our own: JSON,
// metrics, and a page that is drawn.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "modules/content/status/history_numbers.h"
#include "modules/content/status/pool_numbers.h"
#include "net/shared_cache.h"

namespace preforkd::status {

// What is not in the scoreboard.
struct Surroundings {
    std::string_view server_name;
    std::string_view server_version;
    std::string_view local_ip;
    std::string_view signature; // the page's last line
    std::array<double, 3> loads{};
    std::int64_t ticks_per_second = 100;
    bool see_request_tail = false;
    std::optional<net::SharedCache::Figures> tls_sessions = {}; // where they are kept

    double seconds_of(std::int64_t ticks) const {
        return static_cast<double>(ticks) / static_cast<double>(ticks_per_second);
    }
};

using History = std::span<const SecondNumbers>;

// `as_table`: whether the slots stand in a table, or (?notable) in lines.
std::string page_text(const PoolNumbers& pool, const Surroundings& surroundings, bool as_table);
std::string auto_text(const PoolNumbers& pool, const Surroundings& surroundings);
// What both end with where sessions are kept.
std::string tls_page_text(const net::SharedCache::Figures& cache);
std::string tls_auto_text(const net::SharedCache::Figures& cache);
std::string json_text(const PoolNumbers& pool, History history, const Surroundings& surroundings);
// OpenMetrics 1.0
std::string metrics_text(const PoolNumbers& pool, const Surroundings& surroundings);
// `nonce`: by which its style and its script may be told from another's.
std::string drawn_page_text(const PoolNumbers& pool, History history,
                            const Surroundings& surroundings, std::string_view nonce);

// For HTML, as an access log has it. What a child wrote to shared memory is as good as what a
// client said.
std::string shown(std::string_view text);
// "reading"
std::string_view name_of(pool::ChildState state);
std::string_view server_built();
// Processor time in per cent of one processor since the restart.
double cpu_load(const PoolNumbers& pool, const Surroundings& surroundings);

} // namespace preforkd::status
