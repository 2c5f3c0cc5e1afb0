#include "modules/proxy/manners.h"

namespace preforkd::proxy {

Manners manners_of(const Request& request, const Worker& worker) {
    const auto has = [&](std::string_view name) { return request.find_variable(name) != nullptr; };
    Manners manners;
    manners.is_old = has("force-proxy-request-1.0");
    manners.keeps_connection =
        worker.keeps_connections() && !manners.is_old && !has("proxy-nokeepalive");
    manners.takes_kept_connection =
        request.connection.requests_served > 0 || !has("proxy-initial-not-pooled");
    const bool may_send_chunks = has("proxy-sendchunks") || has("proxy-sendchunked");
    if (manners.is_old || (has("proxy-sendcl") && !may_send_chunks))
        manners.length = Length::always;
    return manners;
}

} // namespace preforkd::proxy
