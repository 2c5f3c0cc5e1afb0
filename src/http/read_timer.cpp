#include "http/read_timer.h"

#include <algorithm>

namespace preforkd::http {

Deadline ReadTimer::deadline() const {
    const auto single_wait = SteadyClock::now() + patience_.otherwise;
    if (patience_.first == Duration::zero()) return Deadline::at(single_wait);
    return Deadline::at(std::min(single_wait, start_ + whole()));
}

bool ReadTimer::has_run_out() const {
    return patience_.first > Duration::zero() && SteadyClock::now() >= start_ + whole();
}

Duration ReadTimer::whole() const {
    Duration whole = patience_.first;
    if (patience_.rate == 0) return whole;
    whole += Duration(std::chrono::seconds(1)) * received_ / patience_.rate;
    return patience_.most > Duration::zero() ? std::min(whole, patience_.most) : whole;
}

} // namespace preforkd::http
