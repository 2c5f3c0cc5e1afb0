// What a place demands of a connection: TLS at all, or a certificate of the client.
#pragma once

#include "pipeline/request.h"
#include "pipeline/verdict.h"

namespace preforkd::ssl {

// For Hooks::access_checker (Apache: SSLRequireSSL, SSLVerifyClient, SSLVerifyDepth in sections).
Verdict check_access(Request& request);

} // namespace preforkd::ssl
