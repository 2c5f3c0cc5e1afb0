#include "child/acceptor.h"

#include <cerrno>

#include "child/departure.h"
#include "os/system_error.h"

namespace preforkd {

namespace {

// The connection was lost before it was ours, or nothing was lost at all.
bool concerns_one_connection(int code) {
    switch (code) {
    case EINTR:
    case EAGAIN:
    case ECONNABORTED:
    case ECONNRESET:
    case EPROTO:
    case ETIMEDOUT:
    case EHOSTUNREACH:
    case ENETUNREACH: return true;
    default: return false;
    }
}

// EINVAL: the control process stopped listening for good. ENOTSOCK: a signal made us forget the
// listeners.
NoArrival no_arrival(int code) {
    if (told_to_leave() || code == EINVAL) return {};
    return {is_shortage(code) || code == ENETDOWN ? pool::exit_sick : pool::exit_start, code};
}

} // namespace

std::variant<Arrival, NoArrival> Acceptor::next() {
    while (!told_to_leave()) {
        const auto* listener = wait_for_turn();
        if (!listener) continue;
        auto accepted = net::accept_from(*listener);
        if (mutex_) mutex_->unlock();
        if (accepted) return Arrival{std::move(accepted->socket), accepted->client, listener};
        if (!concerns_one_connection(accepted.error().code))
            return no_arrival(accepted.error().code);
    }
    return NoArrival{};
}

// Answers the listener to accept from, with the mutex held, or nullptr to try again. With a single
// listener the kernel wakes one waiting child only, so nobody needs to wait for a turn.
const net::Listener* Acceptor::wait_for_turn() {
    if (mutex_) {
        FreeToGo waiting;
        if (told_to_leave() || !mutex_->lock()) return nullptr;
    }
    if (listeners_.size() == 1) return &listeners_.front();
    const auto* ready = set_.wait_for_connection();
    if (!ready && mutex_) mutex_->unlock();
    return ready;
}

} // namespace preforkd
