#include "control/hangs.h"

namespace preforkd {

namespace {

using Stage = HangWatch::Stage;
using std::chrono::seconds;

// To leave its stack takes a child that can be interrupted no time.
constexpr seconds patience(2);

} // namespace

RequestAtHand request_at_hand(const pool::Slot& slot) {
    const int limit = slot.request_limit.load();
    if (limit <= 0) return {};
    const auto state = slot.state.load();
    if (state != pool::ChildState::writing && state != pool::ChildState::logging) return {};
    return {slot.started_at.load(), limit};
}

HangAction watch(HangWatch& watch, const RequestAtHand& request, SteadyClock::time_point now) {
    if (request.begun == 0 || request.begun != watch.request) {
        watch = {.request = request.begun, .since = now};
        return HangAction::none;
    }
    if (watch.stage == Stage::watched && now - watch.since >= seconds(request.limit)) {
        watch.stage = Stage::told_to_end;
        watch.since = now;
        return HangAction::tell_to_end;
    }
    if (watch.stage == Stage::told_to_end && now - watch.since >= patience) {
        watch.stage = Stage::killed;
        return HangAction::kill;
    }
    return HangAction::none;
}

} // namespace preforkd
