// What hosts inherit from the main server.
#pragma once

#include "config/configuration.h"

namespace preforkd::config {

// Makes every server's server_merged anew, for whoever changed server_settings after reading.
void merge_servers(Configuration& configuration);

} // namespace preforkd::config
