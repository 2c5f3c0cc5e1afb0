#include "control/listeners.h"

#include <algorithm>

#include "os/processors.h"
#include "pipeline/core_settings.h"

namespace preforkd {

namespace {

using config::ListenAddress;
using config::ProcessSettings;

void shorten(Duration& timeout, Duration limit) {
    if (limit > Duration::zero()) timeout = std::min(timeout, limit);
}

// Accepted sockets inherit it, so it should be what most connections need first.
Duration receive_timeout_of(const config::Server& server) {
    auto timeout = server.of<CoreServerSettings>().timeout.value_or(std::chrono::seconds(60));
    const auto& head = server.of<RequestReadTimeoutSettings>().head;
    if (head) shorten(timeout, head->first);
    shorten(timeout, server.of<ProcessSettings>().busy_timeout);
    return timeout;
}

net::ListenOptions options_of(const config::Configuration& configuration) {
    const auto& settings = configuration.main_server().of<ProcessSettings>();
    return {
        .backlog = settings.listen_backlog,
        .send_buffer_size = settings.send_buffer_size,
        .receive_buffer_size = settings.receive_buffer_size,
        .receive_timeout = receive_timeout_of(configuration.main_server()),
        .non_blocking = settings.listen.size() > 1,
    };
}

// Apache: AcceptFilter, which asks for the protocol of the Listen line.
void set_accept_filter(net::ListenOptions& options, const ListenAddress& wanted,
                       const ProcessSettings& settings) {
    const std::string protocol = wanted.protocol.empty() ? "http" : wanted.protocol;
    options.defer_accept =
        settings.deferred_protocols.contains(protocol) ? settings.defer_accept : 0;
}

// The port must be that of the Listen line, and the address if the line names one.
bool is_meant(const net::Listener& given, const ListenAddress& wanted) {
    if (given.address.port() != wanted.port) return false;
    if (wanted.host.empty()) return true;
    const auto address = net::Address::parse(wanted.host, wanted.port);
    return address && address->same_host(given.address);
}

// The bucket's own socket that is open for the same Listen line; else one that was given for it,
// which buckets may have to share; or nullptr.
const net::Listener* find_open(const ListenAddress& wanted, int bucket, const Listeners& before) {
    int matches = 0;
    for (std::size_t i = 0; i < before.open.size(); ++i)
        if (before.asked[i] == wanted && matches++ == bucket) return &before.open[i];
    matches = 0;
    const net::Listener* found = nullptr;
    for (const auto& given : before.given)
        if (matches <= bucket && is_meant(given, wanted)) ++matches, found = &given;
    return found;
}

// Apache: ListenCoresBucketsRatio. Not more than there can be children: nobody would accept the
// connections of the others.
int buckets_of(const ProcessSettings& settings) {
    if (settings.listen_cores_buckets_ratio == 0) return 1;
    const int buckets = processors_online() / settings.listen_cores_buckets_ratio;
    return std::clamp(buckets, 1, std::max(1, settings.server_limit));
}

Result<net::Listener> open_new(const ListenAddress& wanted, net::ListenOptions options,
                               const ProcessSettings& settings) {
    set_accept_filter(options, wanted, settings);
    // Both families' wildcards on one port: then each has a socket of its own.
    options.share_port |= wanted.shares_port;
    options.before_address_exists = wanted.before_address_exists;
    options.multipath = wanted.multipath;
    options.ipv6_only = wanted.ipv6_only ||
                        std::any_of(settings.listen.begin(), settings.listen.end(),
                                    [&](const ListenAddress& other) {
                                        return other.host == "0.0.0.0" && other.port == wanted.port;
                                    });
    if (wanted.host.empty()) return net::Listener::open_on_any_address(wanted.port, options);
    const auto address = net::Address::parse(wanted.host, wanted.port);
    if (!address) return Error{"Listen: " + wanted.host + " is not a numeric address"};
    return net::Listener::open(*address, options);
}

} // namespace

std::span<const net::Listener> Listeners::of_bucket(int bucket) const {
    const std::size_t count = open.size() / static_cast<std::size_t>(buckets);
    return std::span(open).subspan(count * static_cast<std::size_t>(bucket), count);
}

void Listeners::keep_bucket(int bucket) {
    const auto kept = of_bucket(bucket);
    for (auto& listener : open)
        if (&listener < kept.data() || &listener >= kept.data() + kept.size())
            listener.socket.reset();
}

bool Listeners::have(const net::Address& address) const {
    return std::any_of(open.begin(), open.end(), [&](const net::Listener& listener) {
        return listener.address.port() == address.port() && listener.address.same_host(address);
    });
}

std::vector<net::Listener> adopt_sockets(std::vector<UniqueFd> sockets) {
    std::vector<net::Listener> adopted;
    for (auto& socket : sockets) {
        auto listener = net::Listener::adopt(std::move(socket));
        if (!listener) continue;
        listener->lent = true;
        adopted.push_back(std::move(*listener));
    }
    return adopted;
}

Result<Listeners> open_listeners(const config::Configuration& configuration,
                                 const Listeners& before) {
    const auto& settings = configuration.main_server().of<ProcessSettings>();
    Listeners listeners;
    listeners.buckets = before.open.empty() ? buckets_of(settings) : before.buckets;
    auto options = options_of(configuration);
    options.share_port = listeners.buckets > 1;
    for (int bucket = 0; bucket < listeners.buckets; ++bucket) {
        for (const auto& wanted : settings.listen) {
            const auto* open = find_open(wanted, bucket, before);
            auto listener = open ? open->duplicate() : open_new(wanted, options, settings);
            if (!listener) return listener.error();
            listeners.asked.push_back(wanted);
            listeners.open.push_back(std::move(*listener));
        }
    }
    return listeners;
}

void adjust_listeners(Listeners& listeners, const config::Configuration& configuration) {
    auto options = options_of(configuration);
    const auto& settings = configuration.main_server().of<ProcessSettings>();
    for (std::size_t i = 0; i < listeners.open.size(); ++i) {
        set_accept_filter(options, listeners.asked[i], settings);
        listeners.open[i].adjust(options);
    }
}

} // namespace preforkd
