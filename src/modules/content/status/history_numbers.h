// The history that the control process keeps in the scoreboard, read at one go.
#pragma once

#include <cstdint>
#include <vector>

#include "pool/scoreboard.h"

namespace preforkd::status {

struct SecondNumbers {
    std::int64_t at = 0; // since 1970
    std::uint32_t idle = 0, busy = 0;
    std::uint64_t requests = 0, bytes = 0; // since the start
};

inline constexpr std::int64_t history_seconds = 600;

// The seconds of the ten minutes up to `now`, oldest first; some may be missing.
std::vector<SecondNumbers> last_minutes(const pool::Scoreboard& board, std::int64_t now);

// What a counter grew by, each second, from `before` to `after`; 0 where it fell.
double growth(const SecondNumbers& before, const SecondNumbers& after,
              std::uint64_t SecondNumbers::*counter);

} // namespace preforkd::status
