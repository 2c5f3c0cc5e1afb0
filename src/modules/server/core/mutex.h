// Mutex: how children take turns.
#pragma once

#include "config/directive.h"

namespace preforkd {

// Mutex mechanism[:file] [default|name]… [OmitPID]
Status set_mutex(config::Invocation& invocation, config::Arguments arguments);

// The names that a Mutex line may have, as modules bring them along.
std::vector<std::string_view> mutexes_of(const config::Configuration& configuration);

} // namespace preforkd
