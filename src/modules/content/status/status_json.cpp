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

std::string pool_text(const PoolNumbers& pool, const Surroundings& surroundings) {
    const double rate =
        pool.age > 0 ? static_cast<double>(pool.requests) / static_cast<double>(pool.age) : 0;
    return fmt::format(
        R"("server": "{}/{}", "now": {}, "uptime_seconds": {}, "generation": {}, )"
        R"("total_requests": {}, "total_bytes": {}, "total_milliseconds": {}, )"
        R"("requests_per_second": {:.3f}, "cpu_user_seconds": {:.2f}, "cpu_system_seconds": {:.2f}, )"
        R"("load": [{:.2f}, {:.2f}, {:.2f}], "busy": {}, "leaving": {}, "idle": {}, "limit": {})",
        product::name, product::version, pool.now, pool.age, pool.generation, pool.requests,
        pool.bytes, pool.duration, rate, surroundings.seconds_of(pool.cpu_user_ticks),
        surroundings.seconds_of(pool.cpu_system_ticks), surroundings.loads[0],
        surroundings.loads[1], surroundings.loads[2], pool.busy, pool.graceful, pool.idle,
        pool.limit);
}

// Who asked for what is told with ExtendedStatus only, as in Apache.
std::string story_text(const SlotNumbers& slot) {
    const auto note = slot.note.empty() ? "" : fmt::format(R"(, "note": {})", quoted(slot.note));
    return fmt::format(R"(, "client": {}, "server": {}, "request": {}{})", quoted(slot.client),
                       quoted(slot.server), quoted(slot.request), note);
}

std::string slot_text(const SlotNumbers& slot, bool extended, const Surroundings& surroundings) {
    return fmt::format(
        R"({{"slot": {}, "pid": {}, "generation": {}, "state": "{}", "seconds": {:.3f}, )"
        R"("requests": {}, "bytes": {}, "connections": {}, "last_milliseconds": {}, )"
        R"("cpu_seconds": {:.2f}{}}})",
        slot.number, slot.pid, slot.generation, name_of(slot.state),
        static_cast<double>(slot.micros_in_state) / 1e6, slot.child_requests, slot.child_bytes,
        slot.connections, slot.last_duration,
        surroundings.seconds_of(slot.cpu_user_ticks + slot.cpu_system_ticks),
        extended ? story_text(slot) : "");
}

std::string second_text(const SecondNumbers& second) {
    return fmt::format("[{}, {}, {}, {}, {}]", second.at, second.idle, second.busy, second.requests,
                       second.bytes);
}

// An array with a line for each of `items` that `write` makes a text of.
template <class Items, class Write>
std::string array_text(const Items& items, Write write) {
    std::string text = "[";
    std::string_view between = "\n";
    for (const auto& item : items) {
        const std::string line = write(item);
        if (line.empty()) continue;
        text.append(between).append(line);
        between = ",\n";
    }
    return text + "\n]";
}

} // namespace

std::string json_text(const PoolNumbers& pool, History history, const Surroundings& surroundings) {
    std::string text = '{' + pool_text(pool, surroundings) + ", \"slots\": ";
    text += array_text(pool.slots, [&](const SlotNumbers& slot) {
        return slot.pid == 0 ? std::string() : slot_text(slot, pool.extended, surroundings);
    });
    if (!history.empty()) text += ", \"history\": " + array_text(history, second_text);
    return text + "}\n";
}

} // namespace preforkd::status
