// The rows that every MPM has: listeners, and how many children there are.
#pragma once

#include <vector>

#include "config/directive.h"

namespace preforkd {

std::vector<config::Directive> pool_directives();

// Listen [host:]port [protocol]
Status add_listener(config::Invocation& invocation, config::Arguments arguments);

} // namespace preforkd
