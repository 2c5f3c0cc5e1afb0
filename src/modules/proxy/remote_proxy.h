// Other proxies, between this server and those behind it (Apache: ProxyRemote, NoProxy).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/regex.h"
#include "modules/proxy/worker.h"
#include "net/address.h"
#include "net/backend_connection.h"
#include "os/deadline.h"

namespace preforkd::proxy {

struct ServerSettings;

struct RemoteProxy {
    std::string prefix;         // of the URLs that are asked for there; "" for all
    std::optional<Regex> regex; // in its place
    Worker worker;              // where the proxy is
    std::string credentials;    // for Proxy-Authorization; "" for none
};

// What is asked directly all the same.
struct DirectHost {
    std::string name;                       // ".domain", or a host's
    std::optional<net::AddressRange> range; // in its place
};

// Through whom a server is asked for `url`; nullptr for directly.
const RemoteProxy* remote_for(const ServerSettings& settings, const Worker& worker,
                              std::string_view url);

// A proxy sees nothing of what is encrypted: it passes on bytes (RFC 9110 §9.3.6).
bool is_tunnelled(const Worker& worker, const RemoteProxy* remote);

// Whose connections serve the worker: through a tunnel they are its own, and serve nobody else.
const Worker& keeper_of(const Worker& worker, const RemoteProxy* remote);

// Asks the proxy at the other end for a tunnel to the worker. Fails with what to log.
Status open_tunnel(net::BackendConnection& connection, const Worker& worker,
                   const RemoteProxy& remote, std::string_view agent, Duration patience);

} // namespace preforkd::proxy
