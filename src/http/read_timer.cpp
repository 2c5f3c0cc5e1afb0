#include "http/read_timer.h"

#include <algorithm>

namespace preforkd::http {

Deadline ReadTimer::deadline() const {
    const auto single_wait = SteadyClock::now() + patience_.otherwise;
    if (patience_.first == Duration::zero()) return Deadline::at(single_wait);
    Duration whole = patience_.first;
    if (patience_.rate != 0) {
        whole += std::chrono::seconds(received_ / patience_.rate);
        if (patience_.most > Duration::zero()) whole = std::min(whole, patience_.most);
    }
    return Deadline::at(std::min(single_wait, start_ + whole));
}

} // namespace preforkd::http
