// A TCP connection as a Stream: a blocking socket whose waits the kernel ends (SO_RCVTIMEO,
// SO_SNDTIMEO), so that a wait that is not long costs no call of its own.
#pragma once

#include <atomic>

#include "os/stream.h"
#include "os/unique_fd.h"

namespace preforkd::net {

// While `is_on`, no wait for the peer lasts longer than `longest_wait`, whatever its deadline.
struct Pressure {
    const std::atomic<bool>* is_on = nullptr; // outlives the stream
    Duration longest_wait{};                  // zero: as long as the deadline allows
};

class TcpStream final : public Stream {
  public:
    // `receive_timeout` is what the socket has already (net/listener.h), and SO_SNDTIMEO is set.
    TcpStream(UniqueFd socket, Duration receive_timeout, const Pressure& pressure = {});

    Result<std::size_t> read(std::span<char> into, Deadline deadline) override;
    using Stream::write;
    Status write(std::string_view first, std::string_view second, Duration stall,
                 bool more = false) override;
    Status send_file(int file, off_t& offset, std::size_t length, Duration stall) override;
    void shut_down_writing() override;

    int descriptor() const override { return socket_.get(); }

  private:
    Result<std::size_t> read_what_is_there(std::span<char> into);
    // As much of a wait as passes before somebody looks whether there is pressure.
    Duration one_wait(Duration whole) const;
    bool is_pressed_after(Duration waited) const;
    void wait_at_most(Duration receive);
    // After a write that failed with `code`: waits for at most `stall` until the peer takes more.
    Status wait_to_write(int code, Duration stall, std::string_view what) const;

    UniqueFd socket_;
    Duration receive_timeout_;
    Pressure pressure_;
};

} // namespace preforkd::net
