#include "modules/proxy/proxy_settings.h"

#include "base/text.h"

namespace preforkd::proxy {

void ServerSettings::inherit_from(const ServerSettings& outer) {
    config::inherit(inherits_routes, outer.inherits_routes);
    config::inherit(inherits_workers, outer.inherits_workers);
    // The main server's come first: a host that names a balancer of it has made none of its own.
    if (inherits_routes.value_or(true)) routes.prepend(outer.routes);
    if (inherits_routes.value_or(true) || inherits_workers.value_or(true)) {
        workers.prepend(outer.workers);
        balancers.prepend(outer.balancers);
    }
    config::inherit(is_forward, outer.is_forward);
    config::inherit(timeout, outer.timeout);
    config::inherit(via, outer.via);
    config::inherit(max_forwards, outer.max_forwards);
    config::inherit(bad_line, outer.bad_line);
    config::inherit(receive_buffer, outer.receive_buffer);
    config::inherit(source, outer.source);
    config::inherit(domain, outer.domain);
    blocked.insert(blocked.begin(), outer.blocked.begin(), outer.blocked.end());
    remotes.prepend(outer.remotes);
    direct_hosts.insert(direct_hosts.begin(), outer.direct_hosts.begin(), outer.direct_hosts.end());
}

void Settings::inherit_from(const Settings& outer) {
    if (!route) route = outer.route;
    reversals.prepend(outer.reversals);
    cookie_domains.prepend(outer.cookie_domains);
    cookie_paths.prepend(outer.cookie_paths);
    config::inherit(preserves_host, outer.preserves_host);
    config::inherit(adds_fields, outer.adds_fields);
    config::inherit(interpolates, outer.interpolates);
    config::inherit(forwards_expectation, outer.forwards_expectation);
    if (overrides_errors) return;
    overrides_errors = outer.overrides_errors;
    overridden = outer.overridden;
}

const Worker* find_worker(const ServerSettings& settings, std::string_view url) {
    const Worker* found = nullptr;
    const auto path = path_begin(url);
    for (const auto* worker : settings.workers) {
        const std::string_view name = worker->name;
        if (name.size() > url.size() || (found && found->name.size() >= name.size())) continue;
        const auto shared = std::min(path, name.size());
        if (iequals(url.substr(0, shared), name.substr(0, shared)) &&
            url.substr(shared).starts_with(name.substr(shared)))
            found = worker;
    }
    return found;
}

const Balancer* find_balancer(const ServerSettings& settings, std::string_view url) {
    const auto name = url.substr(0, path_begin(url));
    for (const auto* balancer : settings.balancers)
        if (iequals(balancer->name, name)) return balancer;
    return nullptr;
}

} // namespace preforkd::proxy
