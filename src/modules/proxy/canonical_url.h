// The URL that another server is asked for (Apache: the canon handlers of mod_proxy's schemes).
#pragma once

#include "pipeline/request.h"
#include "pipeline/verdict.h"

namespace preforkd::proxy {

// Makes the URL in a request's file name one that can be asked for: percent-encoded, with the query.
// Requires: is_proxied(request.filename).
Verdict complete_url(Request& request);

} // namespace preforkd::proxy
