#include "control/stops.h"

namespace preforkd {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Nobody is served meanwhile.
constexpr milliseconds patience_with_holder(500);
// It would leave if it could.
constexpr seconds patience_with_leaver(10);

} // namespace

StopAction deal_with(const StoppedChild& child, SteadyClock::time_point now) {
    if (!child.since) return StopAction::none;
    const auto stopped_for = now - *child.since;
    if (child.may_hold_mutex && stopped_for >= patience_with_holder) return StopAction::free_mutex;
    if (child.told_to_leave && stopped_for >= patience_with_leaver) return StopAction::end;
    return StopAction::none;
}

} // namespace preforkd
