// Every log that a configuration opens: error logs and access logs of all hosts.
#pragma once

#include <string>
#include <vector>

#include "config/configuration.h"

namespace preforkd {

struct LogTargets {
    std::vector<std::string> files; // absolute
    int programs = 0;               // piped logs
    int connections = 0;            // to the system log
};

LogTargets log_targets(const config::Configuration& configuration);

} // namespace preforkd
