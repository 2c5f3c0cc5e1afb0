#include "modules/proxy/definitions.h"

#include <fmt/format.h>

#include "base/text.h"
#include "config/configuration.h"

namespace preforkd::proxy {

namespace {

// The name by which a URL is compared with others.
std::string name_of(const BackendUrl& url) {
    return fmt::format("{}://{}{}", url.scheme_name, url.host_field, url.path);
}

// The longest name that begins the new one, at the same socket.
Worker* find_own(ServerSettings& settings, const Worker& wanted) {
    Worker* found = nullptr;
    for (const auto& worker : settings.workers.own())
        if (wanted.url.socket == worker->url.socket && wanted.name.starts_with(worker->name) &&
            (!found || found->name.size() < worker->name.size()))
            found = worker.get();
    return found;
}

Balancer* find_own(ServerSettings& settings, std::string_view name) {
    for (const auto& balancer : settings.balancers.own())
        if (iequals(balancer->name, name)) return balancer.get();
    return nullptr;
}

// "balancer://name", whatever follows.
Result<std::string> balancer_name(const std::string& name) {
    const auto end = name.find('/', std::string_view("balancer://").size());
    auto plain = lower(name.substr(0, end));
    if (plain.size() <= std::string_view("balancer://").size())
        return Error{fmt::format("Bad syntax for a balancer name ({})", name)};
    return plain;
}

} // namespace

bool names_balancer(std::string_view name) { return istarts_with(name, "balancer:"); }

ServerSettings& server_settings(config::Invocation& invocation) {
    return invocation.server.server_settings.edit<ServerSettings>();
}

Result<Worker> make_worker(const std::string& text) {
    auto url = parse_backend_url(text);
    if (!url) return url.error();
    Worker worker;
    worker.name = name_of(*url);
    // Where a pattern's groups are part of it, Apache does not, either.
    worker.reuses = text.find('$') == text.npos && url->scheme != Scheme::fcgi;
    worker.url = std::move(*url);
    return worker;
}

Result<Definition> Definition::define(ServerSettings& settings, const std::string& name) {
    Definition definition;
    if (names_balancer(name)) {
        auto plain = balancer_name(name);
        if (!plain) return plain.error();
        definition.balancer = find_own(settings, *plain);
        definition.shared_ = definition.balancer != nullptr;
        if (definition.shared_) return definition;
        Balancer balancer;
        balancer.name = std::move(*plain);
        definition.balancer = &settings.balancers.add(std::move(balancer));
        return definition;
    }
    auto made = make_worker(name);
    if (!made) return made.error();
    definition.worker = find_own(settings, *made);
    definition.shared_ = definition.worker != nullptr;
    if (!definition.shared_) {
        made->status = worker_ignores_errors; // there is no other to go to
        definition.worker = &settings.workers.add(std::move(*made));
    }
    return definition;
}

std::optional<Definition> Definition::find(ServerSettings& settings, const std::string& name) {
    Definition definition;
    definition.shared_ = true;
    if (names_balancer(name)) {
        const auto plain = balancer_name(name);
        definition.balancer = plain ? find_own(settings, *plain) : nullptr;
    } else if (const auto made = make_worker(name)) {
        definition.worker = find_own(settings, *made);
    }
    if (!definition.worker && !definition.balancer) return std::nullopt;
    return definition;
}

Status Definition::set(std::string_view key, const std::string& value) {
    return balancer ? set_parameter(*balancer, key, value) : set_parameter(*worker, key, value);
}

std::optional<Parameter> parse_parameter(const std::string& word) {
    const auto equals = word.find('=');
    if (equals == word.npos) return std::nullopt;
    return Parameter{word.substr(0, equals), word.substr(equals + 1)};
}

} // namespace preforkd::proxy
