// A TCP connection as a Stream: a blocking socket whose waits the kernel ends (SO_RCVTIMEO,
// SO_SNDTIMEO), so that waiting costs no call of its own.
#pragma once

#include "os/stream.h"
#include "os/unique_fd.h"

namespace preforkd::net {

class TcpStream final : public Stream {
  public:
    // The timeouts are those that the socket has already (net/listener.h).
    TcpStream(UniqueFd socket, Duration receive_timeout, Duration send_timeout);

    Result<std::size_t> read(std::span<char> into, Deadline deadline) override;
    using Stream::write;
    Status write(std::string_view first, std::string_view second, Duration stall,
                 bool more = false) override;
    Status send_file(int file, off_t offset, std::size_t length, Duration stall) override;
    void shut_down_writing() override;

    int descriptor() const { return socket_.get(); }

  private:
    Result<std::size_t> read_what_is_there(std::span<char> into);
    void wait_at_most(Duration receive);
    void stall_at_most(Duration send);

    UniqueFd socket_;
    Duration receive_timeout_;
    Duration send_timeout_;
};

} // namespace preforkd::net
