// A connection's bytes, both ways. net/ implements it for TCP and TLS, tests in memory.
#pragma once

#include <span>
#include <string_view>
#include <sys/types.h>

#include "base/result.h"
#include "os/deadline.h"

namespace preforkd {

// Codes that a Stream's errors carry: ETIMEDOUT when time ran out, EINTR when a signal that asks
// the child to leave came while nothing had been read; else what the system said.
class Stream {
  public:
    virtual ~Stream() = default;

    // Waits for at least one byte; answers how many came, 0 at the end of what the peer sends.
    virtual Result<std::size_t> read(std::span<char> into, Deadline deadline) = 0;

    // Sends every byte of both parts, in one system call where it can; `more` says that other
    // bytes follow at once, so that they may share a packet. Fails when the peer takes nothing
    // for `stall` (Apache: Timeout).
    virtual Status write(std::string_view first, std::string_view second, Duration stall,
                         bool more = false) = 0;
    Status write(std::string_view bytes, Duration stall) { return write(bytes, {}, stall); }

    // Sends `length` bytes of an open file from `offset`, without copying where it can. Moves
    // `offset` behind what was sent, also when it fails.
    virtual Status send_file(int file, off_t& offset, std::size_t length, Duration stall) = 0;

    // Says goodbye where the stream has a protocol of its own (TLS: close_notify), before the
    // connection is closed.
    virtual void conclude() {}

    // Tells the peer that nothing more comes; it may still send.
    virtual void shut_down_writing() = 0;

    // Bytes that were received and can be read without waiting for the peer.
    virtual bool has_buffered_input() const { return false; }

    // What poll(2) can wait on for news of the peer; -1 for none.
    virtual int descriptor() const { return -1; }
};

} // namespace preforkd
