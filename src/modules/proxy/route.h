// Which paths are another server's (ProxyPass), and the URLs that they stand for.
#pragma once

#include "pipeline/request.h"
#include "pipeline/verdict.h"

namespace preforkd::proxy {

// A client that names another server wants that one asked (ProxyRequests On).
Verdict detect_forward(Request& request);

// Finds the route of a request: then its file name is "proxy:" and the URL, as the directives say
// it. Declined where the path is this server's own.
Verdict find_route(Request& request);

// Makes that URL one that can be asked for: percent-encoded, with the query.
Verdict complete_url(Request& request);

// "proxy:…" as SetHandler says it, in front of the file's name.
void use_handler_url(Request& request);

} // namespace preforkd::proxy
