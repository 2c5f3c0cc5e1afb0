#include "modules/connection/remoteip/expectation.h"

#include <algorithm>
#include <fmt/format.h>

#include "config/merge_servers.h"
#include "modules/connection/remoteip/remoteip_settings.h"
#include "pipeline/server_log.h"

namespace preforkd {

namespace {

using Listening = RemoteIpSettings::Listening;

// An address that is empty, or a port that is 0, is every one.
bool is_at(const config::HostAddress& host, std::string_view address, unsigned short port) {
    return (host.port == 0 || host.port == port) && (host.any_address || host.address == address);
}

bool is_same(const config::HostAddress& a, const config::HostAddress& b) {
    return a.any_address == b.any_address && a.address == b.address && a.port == b.port;
}

std::string text_of(const config::HostAddress& host) {
    const auto ip = host.any_address ? "0.0.0.0" : net::Address::from_packed(host.address, 0).ip();
    return fmt::format("{}:{}", ip, host.port);
}

std::string text_of(const config::Server& server) {
    return fmt::format("{}:{} in {}", server.name,
                       server.addresses.empty() ? 0 : server.addresses.front().port,
                       server.place.file ? *server.place.file : "(null)");
}

void say(const config::Server& main, std::string_view text) {
    log_to(main, {.module = "remoteip", .level = log::Level::notice, .text = text});
}

// Of several hosts with the very same address the last one decides.
void add(std::vector<Listening>& list, Listening added, const config::Server& main) {
    const auto& address = added.address;
    const auto other = std::find_if(list.begin(), list.end(), [&](const Listening& listening) {
        return listening.expects_header != added.expects_header &&
               is_same(listening.address, address);
    });
    if (other != list.end()) {
        say(main, fmt::format("AH03491: RemoteIPProxyProtocol: previous setting for {} from "
                              "virtual host {{{}}} is being overridden by virtual host {{{}}}; new "
                              "setting is '{}'",
                              text_of(address), text_of(*other->said_by), text_of(*added.said_by),
                              added.expects_header ? "On" : "Off"));
        list.erase(other);
    }
    const bool is_known = std::any_of(list.begin(), list.end(), [&](const Listening& listening) {
        return listening.expects_header == added.expects_header &&
               is_at(listening.address, address.address, address.port);
    });
    if (!is_known) list.insert(list.begin(), std::move(added));
}

void report(const std::vector<Listening>& list, const config::Server& main) {
    for (const auto& listening : list)
        if (listening.expects_header)
            say(main, "AH03492: RemoteIPProxyProtocol: enabled on " + text_of(listening.address));
    for (const auto& listening : list)
        if (!listening.expects_header)
            say(main, "AH03494: RemoteIPProxyProtocol: disabled on " + text_of(listening.address));
}

} // namespace

Status choose_introductions(config::Configuration& configuration) {
    const auto& main = configuration.main_server();
    auto& gathered = configuration.main_server().server_settings.edit<RemoteIpSettings>();
    std::vector<config::HostAddress> everywhere(1);
    everywhere[0].any_address = true;
    for (const auto& server : configuration.servers) {
        const auto* said = server->server_settings.find<RemoteIpSettings>();
        if (said && said->expects_header)
            for (const auto& address : server->is_virtual ? server->addresses : everywhere)
                add(gathered.listening, {address, *said->expects_header, server.get()}, main);
        if (said && server->is_virtual)
            gathered.exceptions.insert(gathered.exceptions.end(), said->exceptions.begin(),
                                       said->exceptions.end());
    }
    report(gathered.listening, main);
    config::merge_servers<RemoteIpSettings>(configuration);
    return {};
}

namespace {

const RemoteIpSettings* main_settings = nullptr;

// Off anywhere is off, however closely another host names the address.
bool expects_header(const net::Address& local) {
    bool expects = false;
    for (const auto& listening : main_settings->listening) {
        if (!is_at(listening.address, local.packed(), local.port())) continue;
        if (!listening.expects_header) return false;
        expects = true;
    }
    return expects;
}

bool is_exception(const net::Address& client) {
    const auto& exceptions = main_settings->exceptions;
    return std::any_of(exceptions.begin(), exceptions.end(),
                       [&](const auto& range) { return range.contains(client); });
}

} // namespace

void note_introductions(const config::Configuration& configuration) {
    main_settings = &configuration.main_server().of<RemoteIpSettings>();
}

bool expects_introduction(const ConnectionFacts& facts) {
    return expects_header(facts.local) && !is_exception(facts.client);
}

} // namespace preforkd
