// Opening the error logs of all servers before the fork, one descriptor for each distinct name.
#pragma once

#include <memory>
#include <vector>

#include "base/result.h"
#include "config/configuration.h"
#include "os/piped_program.h"

namespace preforkd {

// Gives every server its open log. Settings are merged anew: references into them from before are
// no longer good.
Result<LogPrograms> open_error_logs(config::Configuration& configuration);

} // namespace preforkd
