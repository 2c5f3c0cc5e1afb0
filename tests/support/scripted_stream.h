// A connection in memory, for tests: a client that says what it was told to say and keeps what it
// is sent.
#pragma once

#include <algorithm>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unistd.h>

#include "os/stream.h"

namespace preforkd::testing {

class ScriptedStream final : public Stream {
  public:
    using Stream::write;
    // One piece of `received` after the other, then `problem`, or else the end of what the client
    // sends.
    Result<std::size_t> read(std::span<char> into, Deadline) override {
        if (received.empty()) {
            if (problem) return *problem;
            return std::size_t{0};
        }
        auto& piece = received.front();
        const auto count = std::min(into.size(), piece.size());
        std::copy_n(piece.data(), count, into.data());
        piece.erase(0, count);
        if (piece.empty()) received.pop_front();
        return count;
    }
    Status write(std::string_view first, std::string_view second, Duration, bool) override {
        if (write_problem) return *write_problem;
        sent.append(first).append(second);
        ++writes;
        return {};
    }
    Status send_file(int file, off_t& offset, std::size_t length, Duration) override {
        if (write_problem) return *write_problem;
        std::string content(length, '\0');
        if (::pread(file, content.data(), length, offset) != static_cast<ssize_t>(length))
            return Error{"short file", 5};
        sent += content;
        offset += static_cast<off_t>(length);
        ++files_sent;
        return {};
    }
    void shut_down_writing() override {}

    void say(std::string_view text) { received.emplace_back(text); }
    void say_byte_by_byte(std::string_view text) {
        for (char c : text) received.emplace_back(1, c);
    }

    std::string sent;
    std::deque<std::string> received;
    std::optional<Error> problem;
    std::optional<Error> write_problem;
    int writes = 0;
    int files_sent = 0;
};

} // namespace preforkd::testing
