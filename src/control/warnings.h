// What there is to say about a configuration, for the error log. Standard error has it as well, but
// nobody reads that who looks for a reason later.
#pragma once

#include <vector>

#include "config/configuration.h"
#include "config/pool_limits.h"

namespace preforkd {

// As soon as the error log is open: before modules have their say about what they make of it.
void log_warnings(const config::Configuration& configuration,
                  const std::vector<config::PoolWarning>& pool_warnings);

} // namespace preforkd
