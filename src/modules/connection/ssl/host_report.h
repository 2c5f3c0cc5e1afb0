// What the error log hears of a host's TLS when the server starts.
#pragma once

#include "config/configuration.h"

namespace preforkd::ssl {

// Which certificates a host has, and what clients will find wrong with them. Nothing of it keeps
// the server from starting.
void report_host(const config::Server& server);

// Warns of a host that speaks TLS where nobody expects it, and of one that does not where everybody
// does.
void report_ports(const config::Configuration& configuration);

} // namespace preforkd::ssl
