// What ProxyPass and the other directives of mod_proxy say.
#pragma once

#include <bitset>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/regex.h"
#include "config/directive.h"
#include "http/received_head.h"
#include "modules/entries.h"
#include "modules/proxy/balancer.h"
#include "modules/proxy/mapped_path.h"
#include "modules/proxy/remote_proxy.h"
#include "modules/proxy/worker.h"
#include "net/address.h"
#include "os/shared_memory.h"

namespace preforkd::proxy {

// One ProxyPass: paths below `path` (or that match `regex`) are another server's.
struct Route {
    std::string path;
    std::optional<Regex> regex;
    std::string target;             // a URL
    const Worker* worker = nullptr; // where that goes, or…
    const Balancer* balancer = nullptr;
    bool is_exception = false; // "!": what it covers is ours after all
    bool interpolates = false;
    bool keeps_encoding = false; // nocanon
    PathMapping mapping = PathMapping::decoded;
};

// ProxyPassReverse and its like for cookies: `real`, which the other server says, is `shown` here.
struct Reversal {
    std::string shown;
    std::string real;
    bool interpolates = false;
};

enum class Via : unsigned char { off, on, full, block };

struct ServerSettings {
    static constexpr config::Scope scope = config::Scope::server;
    void inherit_from(const ServerSettings& outer);

    Entries<Route> routes;
    Entries<Worker> workers;
    Entries<Balancer> balancers;
    Entries<RemoteProxy> remotes;
    std::vector<DirectHost> direct_hosts; // NoProxy
    std::optional<bool> inherits_routes;  // ProxyPassInherit
    std::optional<bool> inherits_workers; // BalancerInherit
    std::optional<bool> is_forward;       // ProxyRequests
    std::optional<Duration> timeout;      // ProxyTimeout
    std::optional<Via> via;
    std::optional<int> max_forwards;
    std::optional<http::BadLine> bad_line; // ProxyBadHeader
    std::optional<int> receive_buffer;
    std::optional<net::Address> source;
    std::vector<std::string> blocked;     // ProxyBlock
    std::optional<std::string> domain;    // ProxyDomain
    Entries<Route> location_routes;       // of its sections
    std::shared_ptr<SharedMemory> states; // of the workers of all servers; the main server's
};

struct Settings {
    static constexpr config::Scope scope = config::Scope::directory;
    void inherit_from(const Settings& outer);

    const Route* route = nullptr; // of a <Location>; the server owns it
    Entries<Reversal> reversals, cookie_domains, cookie_paths;
    std::optional<bool> preserves_host;
    std::optional<bool> adds_fields; // ProxyAddHeaders
    std::optional<bool> interpolates;
    std::optional<bool> forwards_expectation; // Proxy100Continue
    std::optional<bool> overrides_errors;
    std::optional<std::bitset<1000>> overridden; // the statuses, where not all errors are
};

// What the longest name fits that begins `url`; nullptr for a URL that nobody has named.
const Worker* find_worker(const ServerSettings& settings, std::string_view url);
// The balancer of "balancer://name/…", or nullptr.
const Balancer* find_balancer(const ServerSettings& settings, std::string_view url);

std::vector<config::Directive> route_directives();   // what is whose
std::vector<config::Directive> worker_directives();  // the servers behind this one
std::vector<config::Directive> remote_directives();  // the proxies between
std::vector<config::Directive> setting_directives(); // everything that is one value

} // namespace preforkd::proxy
