#include "app/system_checks/ports.h"

#include <algorithm>
#include <cerrno>
#include <fmt/format.h>

#include "app/process_table.h"
#include "app/system_checks/socket_owners.h"
#include "config/process_settings.h"
#include "net/port_probe.h"

namespace preforkd {

namespace {

using config::ListenAddress;

// systemd holds the ports of a socket unit, and hands them over.
constexpr pid_t first_process = 1;

std::string text_of(const ListenAddress& listen) {
    if (listen.host.empty()) return fmt::format("Listen {}", listen.port);
    const bool ipv6 = listen.host.find(':') != std::string::npos && !listen.host.starts_with('[');
    return fmt::format(fmt::runtime(ipv6 ? "Listen [{}]:{}" : "Listen {}:{}"), listen.host,
                       listen.port);
}

// As the server would open it (control/listeners.cpp).
Status try_to_bind(const ListenAddress& listen, const std::vector<ListenAddress>& all) {
    const bool ipv6_only = std::any_of(all.begin(), all.end(), [&](const ListenAddress& other) {
        return other.host == "0.0.0.0" && other.port == listen.port;
    });
    if (listen.host.empty()) return net::try_to_bind_any_address(listen.port, ipv6_only);
    const auto address = net::Address::parse(listen.host, listen.port);
    if (!address) return Error{"not a numeric address"};
    return net::try_to_bind(*address, ipv6_only);
}

std::vector<pid_t> owners_of_port(const ListenAddress& listen) {
    const auto address = net::Address::parse(listen.host, listen.port);
    return owners_of(address ? address->packed() : std::string_view(), listen.port);
}

bool contains(const std::vector<pid_t>& pids, pid_t pid) {
    return std::find(pids.begin(), pids.end(), pid) != pids.end();
}

std::string name_of(pid_t pid) {
    const auto process = find_process(pid);
    return fmt::format("{} (pid {})", process ? process->name : "a process", pid);
}

Findings taken(const ListenAddress& listen, const RunningServer& running) {
    const auto owners = owners_of_port(listen);
    if (contains(owners, first_process) || (running.exists && contains(owners, running.pid)))
        return {};
    // It may well be the running server, of which this user may not know.
    if (owners.empty() && running.exists) return {};
    const std::string owner =
        owners.empty() ? "a process that this user may not look at" : name_of(owners.front());
    return {{fmt::format("{}: the port is in use by {}", text_of(listen), owner),
             "end that process, or choose another port"}};
}

Findings check_port(const ListenAddress& listen, const std::vector<ListenAddress>& all,
                    const RunningServer& running) {
    const auto bound = try_to_bind(listen, all);
    if (bound) return {};
    const int code = bound.error().code;
    if (code == EADDRINUSE) return taken(listen, running);
    if (code == EADDRNOTAVAIL)
        return {{fmt::format("{}: this machine does not have the address now", text_of(listen)),
                 "correct it, or start after the network is up (After=network-online.target)"}};
    if (code == EACCES)
        return {{fmt::format("{}: this user may not use a port below 1024", text_of(listen)),
                 "start as root, or with CAP_NET_BIND_SERVICE"}};
    return {{fmt::format("{}: {}", text_of(listen), bound.error().what), "correct the address"}};
}

} // namespace

Findings check_ports(const config::Configuration& configuration, const RunningServer& running) {
    const auto& all = configuration.main_server().of<config::ProcessSettings>().listen;
    Findings found;
    for (const auto& listen : all)
        for (auto& finding : check_port(listen, all, running)) found.push_back(std::move(finding));
    return found;
}

} // namespace preforkd
