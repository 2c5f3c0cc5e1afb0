// What a request's variables ask of the dialog with a server that speaks HTTP: ways to get along
// with one that is old or odd (Apache: the environment variables of mod_proxy_http).
#pragma once

#include "modules/proxy/request_content.h"
#include "modules/proxy/worker.h"
#include "pipeline/request.h"

namespace preforkd::proxy {

struct Manners {
    bool is_old = false;               // HTTP/1.0: force-proxy-request-1.0
    bool keeps_connection = true;      // proxy-nokeepalive says it does not
    bool takes_kept_connection = true; // proxy-initial-not-pooled: not for a client's first request
    Length length = Length::if_known;  // always: proxy-sendcl
};

Manners manners_of(const Request& request, const Worker& worker);

} // namespace preforkd::proxy
