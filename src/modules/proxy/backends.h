// The connections of this child to the servers behind it: at most one to each is kept.
#pragma once

#include <variant>

#include "modules/proxy/remote_proxy.h"
#include "modules/proxy/worker.h"
#include "net/backend_connection.h"
#include "pipeline/request.h"

namespace preforkd::proxy {

struct Connected {
    net::BackendConnection connection;
    bool is_reused = false;
};

// Why there is none; the log says it, but for an unknown host.
enum class Obstacle : unsigned char { refused, unknown_host, out_of_service, tls_off, tls_failed };
struct NotConnected {
    Obstacle why;
    int code = 0; // of an unknown host, for the log
};

// Whether a kept connection will do. It is looked at first: the other server may have closed it, or
// have said more than it had announced.
enum class Reuse : unsigned char { never, when_quiet };

// A connection that was kept, or a new one, through `remote` where there is one. What fails counts
// against the worker.
std::variant<Connected, NotConnected> connect_to(const Request& request, const Worker& worker,
                                                 Reuse reuse = Reuse::when_quiet,
                                                 const RemoteProxy* remote = nullptr);
// For the next request to whom it leads.
void keep(const Worker& keeper, net::BackendConnection connection);

} // namespace preforkd::proxy
