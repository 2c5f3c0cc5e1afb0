// What hosts inherit from the main server, and the order in which sections count.
#pragma once

#include "config/configuration.h"

namespace preforkd::config {

// Makes every server's server_merged anew, for whoever changed server_settings after reading.
void merge_servers(Configuration& configuration);

// Fills what is made once everything is read: merged settings, and lists of all sections.
void complete_servers(Configuration& configuration);

} // namespace preforkd::config
