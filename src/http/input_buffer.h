// Bytes that came from a client and were not used yet. A head stays where it was read, while the
// content behind it comes and goes.
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "os/stream.h"

namespace preforkd::http {

class InputBuffer {
  public:
    InputBuffer();
    // What comes from now on comes from there; what is left of another connection is forgotten.
    void begin(Stream& stream);

    std::string_view unread() const { return {bytes_.get() + begin_, end_ - begin_}; }
    bool empty() const { return begin_ == end_; }
    void consume(std::size_t count) { begin_ += count; }

    // Lets go of what was kept: unread bytes move to the front.
    void start_head();
    // Keeps the first `count` unread bytes where they are until start_head(), and makes room for
    // content behind them. Answers them; no view that was given out before is good any more.
    std::string_view keep_head(std::size_t count);

    // Waits for more; answers how many bytes came, 0 at the end. While a head is read the buffer
    // grows as needed; afterwards requires: empty().
    Result<std::size_t> receive(Deadline deadline);

    Stream& stream() { return *stream_; }

  private:
    void grow(std::size_t capacity);

    Stream* stream_ = nullptr;
    std::size_t capacity_;
    std::unique_ptr<char[]> bytes_;
    std::size_t kept_ = 0; // bytes of the head in front
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

} // namespace preforkd::http
