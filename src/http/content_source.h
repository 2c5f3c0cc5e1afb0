// A request's content as it is framed on the wire (RFC 9112 §6 and §7.1).
#pragma once

#include <llhttp.h>

#include "http/input_buffer.h"
#include "http/read_timer.h"
#include "http/request_reader.h"

namespace preforkd::http {

// What both framings share: the wait for bytes, and the word that the client may wait for.
class ContentSource : public BodySource {
  public:
    ContentSource(InputBuffer& input, const ReadPatience& patience, bool expects_continue)
        : input_(input), timer_(patience, SteadyClock::now()), owes_continue_(expects_continue) {
        timer_.received(input.unread().size()); // it came with the head
    }

    // The client has not been told to send its content, and has sent none.
    bool is_held_back() const { return owes_continue_ && input_.empty(); }
    // It did not arrive within RequestReadTimeout.
    bool too_slow() const { return too_slow_; }
    // Of the content with its framing.
    std::uint64_t bytes_received() const { return bytes_received_; }

  protected:
    Status before_waiting();
    Result<std::size_t> after_waiting(Result<std::size_t> count);
    // Fills the empty buffer.
    Status receive();

    InputBuffer& input_;
    ReadTimer timer_;
    bool owes_continue_;
    bool too_slow_ = false;
    std::uint64_t bytes_received_ = 0;
};

// Content-Length.
class LengthSource final : public ContentSource {
  public:
    LengthSource(InputBuffer& input, const ReadPatience& patience, bool expects_continue,
                 std::uint64_t length)
        : ContentSource(input, patience, expects_continue), left_(length) {}
    Result<std::size_t> read(std::span<char> into) override;
    bool at_end() const override { return left_ == 0; }

  private:
    std::uint64_t left_;
};

// Transfer-Encoding: chunked. Trailer fields are checked and dropped.
class ChunkedSource final : public ContentSource {
  public:
    ChunkedSource(InputBuffer& input, const ReadPatience& patience, bool expects_continue);
    Result<std::size_t> read(std::span<char> into) override;
    bool at_end() const override { return ended_; }

  private:
    static int on_data(llhttp_t* parser, const char* start, std::size_t length);
    static int on_end(llhttp_t* parser);
    static const llhttp_settings_t& settings();
    bool decode(std::string_view raw);
    bool check_framing(std::string_view bytes);

    llhttp_t parser_;
    char* out_ = nullptr;           // where the next data goes
    const char* checked_ = nullptr; // framing before this was looked at
    char last_ = 0;                 // the framing byte before the next, 0 behind data
    std::size_t overhead_ = 0;      // framing bytes since the last data
    bool sound_ = true;
    bool ended_ = false;
};

} // namespace preforkd::http
