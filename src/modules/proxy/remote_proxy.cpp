#include "modules/proxy/remote_proxy.h"

#include <algorithm>
#include <cerrno>
#include <fmt/format.h>

#include "base/log.h"
#include "base/text.h"
#include "modules/proxy/proxy_settings.h"
#include "os/host_names.h"

namespace preforkd::proxy {

namespace {

bool covers(const RemoteProxy& remote, std::string_view url) {
    return remote.regex ? remote.regex->matches(url) : istarts_with(url, remote.prefix);
}

// Apache takes a name without a dot for a part of one.
bool is_named(const std::string& host, const std::string& name) {
    if (name.starts_with('.')) return host.ends_with(name);
    return name.find('.') == name.npos ? host.find(name) != host.npos : host == name;
}

bool has_address_in(const net::AddressRange& range, const std::string& host) {
    const auto is_inside = [&](const std::string& text) {
        const auto address = net::Address::parse(text, 0);
        return address && range.contains(*address);
    };
    if (net::Address::parse(host, 0)) return is_inside(host);
    const auto addresses = resolve_host(host);
    return addresses && std::any_of(addresses->begin(), addresses->end(), is_inside);
}

bool is_direct(const ServerSettings& settings, const std::string& host) {
    return std::any_of(
        settings.direct_hosts.begin(), settings.direct_hosts.end(), [&](const DirectHost& direct) {
            return direct.range ? has_address_in(*direct.range, host) : is_named(host, direct.name);
        });
}

// All of it, in time.
Status say(net::BackendConnection& connection, std::string_view text, const Deadline& deadline) {
    while (!text.empty()) {
        const auto sent = connection.send(text, {});
        if (!sent) return sent.error();
        text.remove_prefix(*sent);
        if (*sent == 0 && deadline.passed()) return Error{{}, log::cause_timeout};
    }
    return {};
}

// A head without content is all that is read: what follows is the other server's.
Result<std::string> hear_head(net::BackendConnection& connection, const Deadline& deadline) {
    constexpr std::size_t most = 8192;
    std::string head;
    while (head.find("\r\n\r\n") == head.npos) {
        if (deadline.passed()) return Error{{}, log::cause_timeout};
        char buffer[512];
        const auto count = connection.receive(buffer);
        if (!count && count.error().code != EAGAIN) return count.error();
        if (count && *count == 0) return Error{{}, log::cause_end_of_file};
        if (count) head.append(buffer, *count);
        if (head.size() > most) return Error{{}, log::cause_incomplete};
    }
    return head;
}

} // namespace

const RemoteProxy* remote_for(const ServerSettings& settings, const Worker& worker,
                              std::string_view url) {
    if (worker.url.scheme == Scheme::fcgi || !worker.url.socket.empty()) return nullptr;
    for (const auto* remote : settings.remotes)
        if (covers(*remote, url)) return is_direct(settings, worker.url.host) ? nullptr : remote;
    return nullptr;
}

bool is_tunnelled(const Worker& worker, const RemoteProxy* remote) {
    return remote && speaks_tls(worker);
}

const Worker& keeper_of(const Worker& worker, const RemoteProxy* remote) {
    return remote && !is_tunnelled(worker, remote) ? remote->worker : worker;
}

Status open_tunnel(net::BackendConnection& connection, const Worker& worker,
                   const RemoteProxy& remote, std::string_view agent, Duration patience) {
    const auto deadline = Deadline::after(patience);
    const auto& url = worker.url;
    const bool is_ipv6 = url.host.find(':') != url.host.npos;
    auto text = fmt::format("CONNECT {}{}{}:{} HTTP/1.0\r\n", is_ipv6 ? "[" : "", url.host,
                            is_ipv6 ? "]" : "", url.port);
    if (!remote.credentials.empty())
        text += fmt::format("Proxy-Authorization: {}\r\n", remote.credentials);
    text += fmt::format("Proxy-agent: {}\r\n\r\n", agent);
    if (auto said = say(connection, text, deadline); !said) return said;
    const auto head = hear_head(connection, deadline);
    if (!head) return head.error();
    const auto status = std::string_view(*head).substr(std::min(head->find(' '), head->size()));
    if (head->starts_with("HTTP/1.") && status.starts_with(" 2")) return {};
    return Error{fmt::format("AH00950: send_http_connect: the remote proxy returned code is '{}'",
                             trim(status.substr(0, 4))),
                 log::cause_incomplete};
}

} // namespace preforkd::proxy
