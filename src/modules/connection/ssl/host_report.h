// What the error log hears of a host's TLS when the server starts.
#pragma once

#include "config/configuration.h"

namespace preforkd::ssl {

// Which certificates a host has, and what clients will find wrong with them. Nothing of it keeps
// the server from starting.
void report_host(const config::Server& server);

} // namespace preforkd::ssl
