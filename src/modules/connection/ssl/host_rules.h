// Which hosts a client may ask for over a connection that it opened for another.
#pragma once

#include "pipeline/request.h"
#include "pipeline/verdict.h"

namespace preforkd::ssl {

// For Hooks::post_read_request (Apache: SSLVHostSNIPolicy, SSLStrictSNIVHostCheck).
Verdict check_host(Request& request);

} // namespace preforkd::ssl
