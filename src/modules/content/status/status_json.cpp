// ?json: the pool for programs, and for the demo page. docs/modules/status.md describes it.
#include <fmt/format.h>

#include "base/product.h"
#include "modules/content/status/status_text.h"

namespace preforkd::status {

namespace {

// In quotes. Bytes beyond ASCII stand as the characters of their number, so that whatever a client
// sent, the text is JSON.
std::string quoted(std::string_view text) {
    std::string result = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') result += {'\\', c};
        else if (byte < 0x20 || byte >= 0x7f) result += fmt::format("\\u{:04x}", byte);
        else result += c;
    }
    return result + '"';
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

std::string slot_text(const SlotNumbers& slot) {
    return fmt::format(R"({{"slot": {}, "pid": {}, "state": "{}", "requests": {}, )"
                       R"("connections": {}, "client": {}, "server": {}, "request": {}}})",
                       slot.number, slot.pid, name_of(slot.state), slot.child_requests,
                       slot.connections, quoted(slot.client), quoted(slot.server),
                       quoted(slot.request));
}

} // namespace

std::string json_text(const PoolNumbers& pool) {
    const auto seconds = pool.now - pool.started;
    const double rate =
        seconds > 0 ? static_cast<double>(pool.requests) / static_cast<double>(seconds) : 0;
    std::string text = fmt::format(
        R"({{"server": "{}/{}", "uptime_seconds": {}, "generation": {}, "total_requests": {}, )"
        R"("total_bytes": {}, "requests_per_second": {:.3f}, "busy": {}, "idle": {}, )"
        R"("limit": {}, "slots": [)",
        product::name, product::version, seconds, pool.generation, pool.requests, pool.bytes, rate,
        pool.busy, pool.idle, pool.limit);
    std::string_view between = "\n";
    for (const auto& slot : pool.slots) {
        if (slot.pid == 0) continue;
        text.append(between).append(slot_text(slot));
        between = ",\n";
    }
    return text + "\n]}\n";
}

} // namespace preforkd::status
