// The variables that programs and other modules find of a connection.
#pragma once

#include "pipeline/request.h"

namespace preforkd::ssl {

// HTTPS and SSL_TLS_SNI always, and what SSLOptions asks for.
void export_variables(Request& request);

} // namespace preforkd::ssl
