// A request reader and a scripted client, for the tests of what it reads.
#pragma once

#include <chrono>
#include <deque>
#include <gtest/gtest.h>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "http/request_reader.h"

namespace preforkd::http {

using std::chrono::seconds;

// A client whose bytes and whose silences come in a set order; notes until when each was awaited.
class Client final : public Stream {
  public:
    using Stream::write;
    using Event = std::variant<std::string, Error>;

    Result<std::size_t> read(std::span<char> into, Deadline deadline) override {
        deadlines.push_back(deadline);
        if (events.empty()) return std::size_t{0};
        if (const auto* problem = std::get_if<Error>(&events.front())) {
            const Error told = *problem;
            events.pop_front();
            return told;
        }
        auto& piece = std::get<std::string>(events.front());
        const auto count = std::min(into.size(), piece.size());
        std::copy_n(piece.data(), count, into.data());
        piece.erase(0, count);
        if (piece.empty()) events.pop_front();
        return count;
    }
    Status write(std::string_view first, std::string_view second, Duration, bool) override {
        sent.append(first).append(second);
        return {};
    }
    Status send_file(int, off_t&, std::size_t, Duration) override { return {}; }
    void shut_down_writing() override {}

    Client& says(std::string text) { return events.emplace_back(std::move(text)), *this; }
    Client& meets(int code) { return events.emplace_back(Error{"scripted", code}), *this; }

    std::deque<Event> events;
    std::vector<Deadline> deadlines;
    std::string sent;
};

class RequestReaderTest : public ::testing::Test {
  protected:
    // A head that the next one replaces, as in a child.
    Received read() {
        head.emplace(arena);
        return reader.read_head(*head, limits, Deadline::after(seconds(5)), patience);
    }
    bool complete() { return std::holds_alternative<HeadComplete>(read()); }
    // The status of a refusal, or 0.
    int refusal() {
        const auto received = read();
        const auto* malformed = std::get_if<MalformedRequest>(&received);
        return malformed ? malformed->status : 0;
    }
    // What ended the wait for a request, or -1.
    int ending() {
        const auto received = read();
        const auto* none = std::get_if<NoRequest>(&received);
        return none ? none->code : -1;
    }
    BodySource& content() { return reader.content(*head, {.patience = patience}, arena); }
    // The content, or "error N".
    static std::string all_of(BodySource& source, std::size_t piece_size = 4096) {
        std::string whole;
        std::string piece(piece_size, '\0');
        for (;;) {
            const auto count = source.read(piece);
            if (!count) return "error " + std::to_string(count.error().code);
            if (*count == 0) return whole;
            whole.append(piece, 0, *count);
        }
    }
    Duration wait(std::size_t number) const {
        return std::chrono::duration_cast<Duration>(client.deadlines.at(number).when() - start);
    }

    const SteadyClock::time_point start = SteadyClock::now();
    Arena arena;
    Client client;
    RequestReader reader{client};
    Limits limits;
    ReadPatience patience{.first = {}, .most = {}, .rate = 0, .otherwise = seconds(60)};
    std::optional<RequestHead> head;
};

} // namespace preforkd::http
