// Whether the folders for the pid file and for lock files are there and can be written.
#pragma once

#include "app/system_checks/finding.h"
#include "config/configuration.h"

namespace preforkd {

Findings check_runtime_folders(const config::Configuration& configuration);

} // namespace preforkd
