#include "control/crash_rate.h"

#include <algorithm>
#include <utility>

namespace preforkd {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds window(10);
// A child that dies this soon did not die of what it served, and the next one will fare no better.
constexpr seconds youth(3);
constexpr int bearable_young = 5;
constexpr int bearable_in_small_pool = 20;
// The loop's seconds are not quite as long as the clock's.
constexpr milliseconds between_forks(900);

} // namespace

CrashRate::Change CrashRate::child_crashed(SteadyClock::time_point now, SteadyClock::duration age,
                                           int most_children) {
    forget_before(now - window);
    crashes_.push_back({now, age < youth});
    if (slow_) return Change::none;
    bearable_ = std::max(bearable_in_small_pool, most_children / 4);
    if (recent() <= bearable_ && young() <= bearable_young) return Change::none;
    slow_ = true;
    return Change::slowed_down;
}

// A third of what is too much is calm.
CrashRate::Change CrashRate::second_passed(SteadyClock::time_point now) {
    forget_before(now - window);
    if (!slow_ || recent() > bearable_ / 3 || young() > bearable_young / 3) return Change::none;
    slow_ = false;
    return Change::back_to_normal;
}

CrashRate::Change CrashRate::forget() {
    crashes_.clear();
    return std::exchange(slow_, false) ? Change::back_to_normal : Change::none;
}

int CrashRate::allow(SteadyClock::time_point now, int wanted) {
    if (!slow_ || wanted <= 0) return wanted;
    if (last_fork_ && now - *last_fork_ < between_forks) return 0;
    last_fork_ = now;
    return 1;
}

void CrashRate::forget_before(SteadyClock::time_point when) {
    while (!crashes_.empty() && crashes_.front().at <= when) crashes_.pop_front();
}

int CrashRate::young() const {
    return static_cast<int>(std::count_if(crashes_.begin(), crashes_.end(),
                                          [](const Crash& crash) { return crash.young; }));
}

} // namespace preforkd
