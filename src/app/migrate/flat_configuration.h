// A configuration as one file, with nothing left to include or to decide, in which everything that
// two servers cannot share has been moved: ports, logs, the pid file.
#pragma once

#include <string>
#include <vector>

#include "app/command_line.h"
#include "app/migrate/preview_ports.h"
#include "base/result.h"

namespace preforkd::migrate {

struct FlatConfiguration {
    std::string text;
    PreviewPorts ports;
    std::vector<std::string> host_names; // of virtual hosts, as ServerName has them
};

// Logs and whatever else is written go to `folder`.
Result<FlatConfiguration> flatten(const CommandLine& line, const std::string& folder,
                                  unsigned short first_port);

} // namespace preforkd::migrate
