// Whether whoever opens the logs may write them, and nobody who serves may exchange them.
#pragma once

#include "app/system_checks/finding.h"
#include "config/configuration.h"

namespace preforkd {

Findings check_log_folders_for_writing(const config::Configuration& configuration);

} // namespace preforkd
