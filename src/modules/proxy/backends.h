// The connections of this child to the servers behind it: at most one to each is kept.
#pragma once

#include <variant>

#include "modules/proxy/worker.h"
#include "net/backend_connection.h"
#include "pipeline/request.h"

namespace preforkd::proxy {

struct Connected {
    net::BackendConnection connection;
    bool is_reused = false;
};

// What could not be done, as far as the log does not say it yet.
struct NotConnected {
    int code = 0;
    bool is_unknown_host = false;
    bool is_out_of_service = false; // it was not tried
};

// A connection that was kept, or a new one. What fails counts against the worker.
std::variant<Connected, NotConnected> connect_to(const Request& request, const Worker& worker,
                                                 bool may_reuse = true);
// For the next request.
void keep(const Worker& worker, net::BackendConnection connection);

} // namespace preforkd::proxy
