// What the items of a log line look at: a chain of requests, from the one the client sent to the
// one that answered it.
#pragma once

#include <optional>

#include "pipeline/request.h"

namespace preforkd::logging {

class Transaction {
  public:
    explicit Transaction(Request& last) : last(last), first(last.original()) {}

    Request& last;
    Request& first;

    // Until the first line that asks: several logs tell the same.
    Duration elapsed() {
        if (!elapsed_)
            elapsed_ = std::chrono::duration_cast<Duration>(SteadyClock::now() - first.started);
        return *elapsed_;
    }
    std::int64_t ended_at() { return first.received_at + elapsed().count(); }

  private:
    std::optional<Duration> elapsed_;
};

} // namespace preforkd::logging
