#include "child/lingering_close.h"

#include <algorithm>
#include <array>
#include <cerrno>

namespace preforkd {

void linger(Stream& stream) {
    constexpr auto silence = std::chrono::seconds(2);
    constexpr auto most = std::chrono::seconds(30);
    stream.shut_down_writing();
    const auto end = SteadyClock::now() + most;
    std::array<char, 2048> forgotten;
    while (SteadyClock::now() < end) {
        const auto next = std::min(end, SteadyClock::now() + silence);
        const auto count = stream.read(forgotten, Deadline::at(next));
        if (count ? *count == 0 : count.error().code != EINTR) return;
    }
}

} // namespace preforkd
