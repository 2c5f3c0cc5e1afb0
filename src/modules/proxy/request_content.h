// A request's content on its way to another server: a piece is read ahead, so that small content
// leaves with the head.
#pragma once

#include <array>
#include <optional>

#include "modules/proxy/spooled_content.h"
#include "modules/proxy/worker.h"
#include "pipeline/request.h"
#include "pipeline/verdict.h"

namespace preforkd::proxy {

// How content is framed for the other server.
struct ContentFraming {
    enum class Kind : unsigned char { none, length, chunked };
    Kind kind = Kind::none;
    std::uint64_t length = 0;
};

// Whether the other server has to be told the length, however much there is.
enum class Length : unsigned char { if_known, always };

class RequestContent {
  public:
    explicit RequestContent(Request& request) : request_(request), source_(request.content) {}

    // The client has announced some.
    bool exists() const;

    // Looks at what there is and decides how it is framed; once, whoever it goes to in the end.
    // Fails with an errno: ENOSPC, ETIMEDOUT…, EIO where this server could not keep it.
    Status begin(Length length = Length::if_known);
    const ContentFraming& framing() const { return framing_; }

    // Whether the client waits for the other server's word (RFC 9110 §10.1.1).
    bool is_held_back() const { return held_back_; }
    void let_go() { held_back_ = false; }

    // What is to be sent next, with its framing; empty at the end. Waits for the client.
    Result<std::string_view> next();
    // What begin() has read, without any wait.
    std::string_view first();
    bool at_end() const { return done_; }
    // The client has nothing left to send.
    bool is_received() const { return done_ || request_.content->at_end(); }
    // Some of it was taken, and can go to nobody else.
    bool has_left() const { return has_left_; }
    // The next piece is there without a wait.
    bool has_more_at_hand() const { return size_ != 0 || source_->has_more_at_hand(); }

  private:
    Status frame(Length length);
    Status read_ahead();
    Status measure();
    std::string_view framed(std::size_t size);

    Request& request_;
    http::BodySource* source_;              // the request's, or
    std::optional<SpooledContent> spooled_; // what was read of it to the end
    ContentFraming framing_;
    bool has_begun_ = false;
    bool held_back_ = false;
    bool done_ = false;
    bool has_left_ = false;
    // Room for the line before a chunk, the piece, and what ends the chunk.
    static constexpr std::size_t room_before = 16, room_behind = 16;
    static constexpr std::size_t most = 16 * 1024;
    std::array<char, room_before + most + room_behind> bytes_;
    std::size_t size_ = 0; // of what was read and not taken
};

// What the client is told where begin() or next() failed.
Verdict refuse_content(const Request& request, const Worker& worker, int code);

} // namespace preforkd::proxy
