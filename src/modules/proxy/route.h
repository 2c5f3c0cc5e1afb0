// Which paths are another server's (ProxyPass), and the URLs that they stand for.
#pragma once

#include "pipeline/request.h"
#include "pipeline/verdict.h"

namespace preforkd::proxy {

// What is another server's before the path is decoded: a client names that server (ProxyRequests
// On), or a route with mapping=encoded or mapping=servlet covers the path.
Verdict detect(Request& request);

// Finds the route of a request: then its file name is "proxy:" and the URL, as the directives say
// it. Declined where the path is this server's own.
Verdict find_route(Request& request);

// Whether any path of the request's server is another's.
bool has_routes(const Request& request);

} // namespace preforkd::proxy
