// What several forms of the status say alike.

#include "base/log_text.h"
#include "base/product.h"
#include "base/text.h"
#include "modules/content/status/status_text.h"

namespace preforkd::status {

std::string shown(std::string_view text) {
    std::string escaped;
    for (const char c : text) {
        const bool is_plain = log::is_printable(c) && c != '\\' && c != '"';
        const auto escape = is_plain ? log::Escape{{c}, 1} : log::escape_of(c);
        escaped.append(escape.text, escape.size);
    }
    return escape_html(escaped);
}

std::string_view name_of(pool::ChildState state) {
    using pool::ChildState;
    switch (state) {
    case ChildState::dead: return "dead";
    case ChildState::starting: return "starting";
    case ChildState::ready: return "ready";
    case ChildState::reading: return "reading";
    case ChildState::writing: return "writing";
    case ChildState::keepalive: return "keepalive";
    case ChildState::logging: return "logging";
    case ChildState::dns: return "dns";
    case ChildState::closing: return "closing";
    case ChildState::graceful: return "graceful";
    case ChildState::idle_kill: return "idle_kill";
    }
    return "unknown";
}

std::string_view server_built() { return product::built(); }

double cpu_load(const PoolNumbers& pool, const Surroundings& surroundings) {
    if (pool.uptime <= 0) return 0;
    const double seconds = surroundings.seconds_of(pool.cpu_user_ticks + pool.cpu_system_ticks);
    return seconds / static_cast<double>(pool.uptime) * 100;
}

} // namespace preforkd::status
