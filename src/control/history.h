// The last ten minutes of the pool, second by second, for who looks at the status.
#pragma once

#include <cstdint>

#include "pool/scoreboard.h"

namespace preforkd {

// Writes down how the pool stands in `second` (since 1970). Children can only read it.
void record_second(pool::Scoreboard& scoreboard, std::int64_t second);

} // namespace preforkd
