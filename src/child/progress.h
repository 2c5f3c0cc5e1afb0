// Tells the scoreboard what this child is doing: for the pool's upkeep, the status page, and the
// trace that a crash leaves.
#pragma once

#include <string_view>

#include "pipeline/request.h"
#include "pool/scoreboard.h"

namespace preforkd {

// One a connection. The child is the only writer of its slot, so plain loads and stores suffice.
class Progress {
  public:
    explicit Progress(pool::Slot& slot) : slot_(slot) {}

    void connection_opened(std::string_view client);
    void waiting(pool::ChildState state);
    void request_began(const Request& request);
    void request_ended(const Request& last);
    void connection_ended();

  private:
    pool::Slot& slot_;
};

} // namespace preforkd
