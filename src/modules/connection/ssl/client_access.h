// What a place demands of a connection: TLS at all, what its section demands of it, and what
// SSLRequire says.
#pragma once

#include "pipeline/request.h"
#include "pipeline/verdict.h"

namespace preforkd::ssl {

// For Hooks::access_checker (Apache: SSLRequireSSL, SSLVerifyClient in sections, SSLRequire).
Verdict check_access(Request& request);

} // namespace preforkd::ssl
