// A request's content as it is framed on the wire (RFC 9112 §6 and §7.1).
#pragma once

#include <string>

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
    bool has_more_at_hand() const override { return !input_.empty(); }
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

// Transfer-Encoding: chunked. Trailer fields go to the head's.
class ChunkedSource final : public ContentSource {
  public:
    // Requires: head.trailers is set. The head and the arena outlive the source.
    ChunkedSource(InputBuffer& input, const ContentTerms& terms, bool expects_continue,
                  RequestHead& head, Arena& arena)
        : ContentSource(input, terms.patience, expects_continue), terms_(terms), head_(head),
          arena_(arena) {}
    Result<std::size_t> read(std::span<char> into) override;
    bool at_end() const override { return next_ == Next::nothing; }

  private:
    enum class Next : unsigned char { size, data, end_of_data, nothing };

    Status read_size();
    Result<std::size_t> read_data(std::span<char> into);
    Status read_trailers();
    // The next line, without its line end, which is CRLF.
    Result<std::string_view> read_line();

    ContentTerms terms_;
    RequestHead& head_;
    Arena& arena_;
    Next next_ = Next::size;
    std::uint64_t left_ = 0;   // of the chunk
    std::size_t overhead_ = 0; // framing bytes that no data has paid for
    std::string line_;
};

} // namespace preforkd::http
