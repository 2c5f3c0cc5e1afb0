// Whether the ports of Listen are free, or held by the server that runs already.
#pragma once

#include "app/running_server.h"
#include "app/system_checks/finding.h"
#include "config/configuration.h"

namespace preforkd {

Findings check_ports(const config::Configuration& configuration, const RunningServer& running);

} // namespace preforkd
