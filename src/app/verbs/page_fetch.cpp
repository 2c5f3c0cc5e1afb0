#include "app/verbs/page_fetch.h"

#include <fmt/format.h>

#include "base/text.h"
#include "net/connect.h"
#include "net/tcp_stream.h"
#include "os/host_names.h"

namespace preforkd {

namespace {

// A status page of 200,000 slots is smaller.
constexpr std::size_t largest_page = 64 * 1024 * 1024;

std::string bracketed(const std::string& host) {
    return host.find(':') == std::string::npos ? host : "[" + host + "]";
}

Result<UniqueFd> connect_to_host(const PageAddress& page, Duration patience) {
    const auto addresses = resolve_host(page.host);
    if (!addresses) return addresses.error();
    Result<UniqueFd> last = Error{page.host + " has no address"};
    for (const std::string& host : *addresses) {
        const auto address = net::Address::parse(host, page.port);
        if (!address) continue;
        last = net::connect_to(*address, patience);
        if (last) return last;
    }
    return last;
}

Result<std::string> read_to_end(Stream& stream, Deadline deadline) {
    std::string response;
    char part[16 * 1024];
    while (response.size() < largest_page) {
        const auto count = stream.read(part, deadline);
        if (!count) return count.error();
        if (*count == 0) break;
        response.append(part, *count);
    }
    return response;
}

} // namespace

std::string PageAddress::text() const {
    return fmt::format("http://{}:{}{}", bracketed(host), port, target);
}

std::optional<PageAddress> parse_page_address(std::string_view url) {
    constexpr std::string_view scheme = "http://";
    if (!istarts_with(url, scheme)) return {};
    url.remove_prefix(scheme.size());
    const auto slash = url.find('/');
    auto authority = url.substr(0, slash);
    PageAddress page;
    if (slash != std::string_view::npos) page.target = url.substr(slash);
    page.target = page.target.substr(0, page.target.find_first_of("?#"));
    const auto colon = authority.rfind(':');
    if (colon != std::string_view::npos && authority.find(']', colon) == std::string_view::npos) {
        const auto port = parse_decimal(authority.substr(colon + 1));
        if (!port || *port < 1 || *port > 65535) return {};
        page.port = static_cast<unsigned short>(*port);
        authority = authority.substr(0, colon);
    }
    if (authority.starts_with('[') && authority.ends_with(']'))
        authority = authority.substr(1, authority.size() - 2);
    page.host = authority;
    const bool forged = url.find_first_of(" \t\r\n") != std::string_view::npos;
    if (page.host.empty() || forged) return {};
    return page;
}

std::optional<PageAddress> status_page_of(const std::vector<config::ListenAddress>& listen) {
    for (const auto& one : listen) {
        if (one.protocol == "https") continue;
        std::string host = one.host;
        if (host.empty()) host = "localhost";
        if (host == "0.0.0.0") host = "127.0.0.1";
        if (host == "::") host = "::1";
        return PageAddress{host, one.port, "/server-status"};
    }
    return {};
}

std::optional<FetchedPage> parse_response(std::string_view response) {
    constexpr std::size_t status_at = 9; // behind "HTTP/1.1 "
    const auto end = response.find("\r\n\r\n");
    if (!response.starts_with("HTTP/1.") || end == std::string_view::npos) return {};
    const auto status = parse_decimal(response.substr(status_at, 3));
    if (!status) return {};
    return FetchedPage{static_cast<int>(*status), std::string(response.substr(end + 4))};
}

Result<FetchedPage> fetch_page(const PageAddress& page, std::string_view query, Duration patience) {
    const Deadline deadline = Deadline::after(patience);
    auto socket = connect_to_host(page, patience);
    if (!socket) return socket.error();
    net::TcpStream stream(std::move(*socket), patience);
    const std::string request = fmt::format(
        "GET {}{} HTTP/1.0\r\nHost: {}:{}\r\nUser-Agent: preforkctl\r\nConnection: close\r\n\r\n",
        page.target, query, bracketed(page.host), page.port);
    if (auto sent = stream.write(request, patience); !sent) return sent.error();
    const auto response = read_to_end(stream, deadline);
    if (!response) return response.error();
    auto parsed = parse_response(*response);
    if (!parsed) return Error{page.text() + " answered what is not HTTP"};
    return std::move(*parsed);
}

} // namespace preforkd
