#include "os/pipe_room.h"

#include <cerrno>
#include <poll.h>
#include <unistd.h>

namespace preforkd {

namespace {

bool becomes_writable(int descriptor, int milliseconds) {
    struct pollfd pipe {
        descriptor, POLLOUT, 0
    };
    const int count = ::poll(&pipe, 1, milliseconds);
    return count > 0 || (count < 0 && errno == EINTR);
}

} // namespace

PipeRoom::PipeRoom(int descriptor) : descriptor_(descriptor), opener_(::getpid()) {}

bool PipeRoom::operator()() {
    if (descriptor_ < 0) return false;
    constexpr int a_moment = 100; // milliseconds
    if (::getpid() != opener_) return becomes_writable(descriptor_, -1);
    const auto now = SteadyClock::now();
    if (now < no_wait_before_) return false;
    if (becomes_writable(descriptor_, a_moment)) return true;
    no_wait_before_ = now + std::chrono::seconds(1);
    return false;
}

} // namespace preforkd
