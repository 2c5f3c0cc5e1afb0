// `-t -D CHECK_SYSTEM`: what a correct configuration can still lack on this machine. Nothing in
// here is an error.
#pragma once

#include "app/system_checks/finding.h"
#include "config/configuration.h"

namespace preforkd {

Findings check_system(const config::Configuration& configuration);

} // namespace preforkd
