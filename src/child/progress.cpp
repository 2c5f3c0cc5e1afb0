#include "child/progress.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

#include "os/clock.h"
#include "os/cpu_time.h"
#include "pipeline/core_settings.h"

namespace preforkd {

namespace {

constexpr auto relaxed = std::memory_order_relaxed;

template <class T, class U>
void add(std::atomic<T>& counter, U more) {
    counter.store(static_cast<T>(counter.load(relaxed) + static_cast<T>(more)), relaxed);
}

// "name:port", in memory that the next call reuses.
std::string_view host_text(const Request& request) {
    static std::array<char, 64> text;
    constexpr std::size_t room_for_port = 8;
    const auto name = std::string_view(request.server->name).substr(0, text.size() - room_for_port);
    char* end = std::copy(name.begin(), name.end(), text.data());
    *end++ = ':';
    end = std::to_chars(end, text.data() + text.size(), request.connection.local.port()).ptr;
    return {text.data(), static_cast<std::size_t>(end - text.data())};
}

// SeeRequestTail wants the end of a line, most readers its beginning: of one that does not fit,
// both are kept.
void store_line(pool::SharedText<512>& shared, std::string_view line) {
    constexpr std::size_t tail_size = 64;
    constexpr std::string_view gap = "...";
    if (line.size() < sizeof shared.bytes) return shared.assign(line);
    std::array<char, sizeof shared.bytes - 1> text;
    const auto head = line.substr(0, text.size() - gap.size() - tail_size);
    char* end = std::copy(head.begin(), head.end(), text.data());
    end = std::copy(gap.begin(), gap.end(), end);
    std::copy_n(line.end() - tail_size, tail_size, end);
    shared.assign({text.data(), text.size()});
}

} // namespace

void Progress::connection_opened(std::string_view client) {
    slot_.client.assign(client);
    slot_.server.assign({}); // what the client before this one asked for
    slot_.request.assign({});
    slot_.connection_requests.store(0, relaxed);
    slot_.connection_bytes.store(0, relaxed);
}

void Progress::waiting(pool::ChildState state) {
    // Between two requests, the end of the first is when it began.
    if (state == pool::ChildState::reading)
        slot_.state_since.store(microseconds_since_1970(), relaxed);
    slot_.state.store(state, relaxed);
}

void Progress::request_began(const Request& request) {
    slot_.server.assign(host_text(request));
    store_line(slot_.request, request.head.request_line);
    slot_.protocol_handler.assign({}); // chosen later, if it comes to that
    const auto& core = request.server->of<CoreServerSettings>();
    slot_.request_limit.store(core.request_terminate_timeout.value_or(0), relaxed);
    slot_.started_at.store(request.received_at, relaxed);
    slot_.state_since.store(request.received_at, relaxed);
    slot_.state.store(pool::ChildState::writing, relaxed);
}

void Progress::request_ended(const Request& last) {
    slot_.state.store(pool::ChildState::logging, relaxed);
    add(slot_.requests, 1);
    add(slot_.child_requests, 1);
    add(slot_.connection_requests, 1);
    add(slot_.bytes, last.bytes_sent);
    add(slot_.child_bytes, last.bytes_sent);
    add(slot_.connection_bytes, last.bytes_sent);
    const auto spent = std::chrono::duration_cast<std::chrono::microseconds>(
        SteadyClock::now() - last.original().started);
    add(slot_.total_micros, spent.count());
    const auto finished_at = last.original().received_at + spent.count();
    slot_.finished_at.store(finished_at, relaxed);
    slot_.state_since.store(finished_at, relaxed);
}

void Progress::connection_ended() {
    static std::int64_t told = 0; // when; ticks are coarse, and asking for them is a call
    constexpr std::int64_t between = 100'000;
    const auto now = slot_.finished_at.load(relaxed);
    if (now - told < between) return;
    told = now;
    const auto spent = cpu_time_of_this_process();
    slot_.cpu_user_ticks.store(spent.user_ticks, relaxed);
    slot_.cpu_system_ticks.store(spent.system_ticks, relaxed);
}

} // namespace preforkd
