// The handshake of a connection to a host that speaks TLS.
#pragma once

#include "pipeline/connection_opening.h"

namespace preforkd::ssl {

// For Hooks::pre_connection.
void begin_tls(ConnectionOpening& opening);

} // namespace preforkd::ssl
