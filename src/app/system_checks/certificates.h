// Whether clients will accept the certificates of hosts that speak TLS, today and in a fortnight.
#pragma once

#include <ctime>

#include "app/system_checks/finding.h"
#include "config/configuration.h"

namespace preforkd {

Findings check_certificates(const config::Configuration& configuration, std::time_t now);

} // namespace preforkd
