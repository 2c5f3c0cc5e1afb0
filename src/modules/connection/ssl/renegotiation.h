// What a place demands of a connection beyond its first handshake: a certificate of the client, or
// another cipher.
#pragma once

#include "modules/connection/ssl/ssl_settings.h"
#include "pipeline/request.h"
#include "pipeline/verdict.h"

namespace preforkd::ssl {

// Agrees with the client anew where the place demands it (Apache: SSLVerifyClient, SSLVerifyDepth
// and SSLCipherSuite in sections). Requires: the connection speaks TLS.
Verdict check_connection(Request& request, const SslDirectorySettings& place);

} // namespace preforkd::ssl
