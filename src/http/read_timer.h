// The clock of a message that is being read (Apache: RequestReadTimeout).
#pragma once

#include <cstdint>

#include "http/request_reader.h"
#include "os/deadline.h"

namespace preforkd::http {

class ReadTimer {
  public:
    ReadTimer(const ReadPatience& patience, SteadyClock::time_point start)
        : patience_(patience), start_(start) {}

    // Bytes that came: with a rate they buy time.
    void received(std::size_t count) { received_ += count; }
    // By when the next byte must come.
    Deadline deadline() const;
    // Whether the whole took too long, rather than a single wait.
    bool has_run_out() const;

  private:
    Duration whole() const;

    ReadPatience patience_;
    SteadyClock::time_point start_;
    std::uint64_t received_ = 0;
};

} // namespace preforkd::http
