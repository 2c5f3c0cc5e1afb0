// What the error log tells when a generation begins to serve.
#pragma once

#include "control/control_process.h"
#include "control/generation.h"

namespace preforkd {

void announce(const Generation& generation, const RunOptions& options);

} // namespace preforkd
