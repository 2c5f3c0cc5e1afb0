#include "net/proxy_protocol.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cstring>
#include <fmt/format.h>
#include <netinet/in.h>
#include <vector>

#include "base/text.h"

namespace preforkd::net {

namespace {

using State = ProxyHeader::State;

constexpr std::string_view signature{"\r\n\r\n\0\r\nQUIT\n", 12};
constexpr std::string_view line_begin = "PROXY ";
constexpr std::size_t longest_line = 107; // with its end
constexpr std::size_t fixed_size = 16;    // of version 2, before the addresses

ProxyHeader malformed(std::string problem) {
    return {.state = State::malformed, .problem = std::move(problem)};
}

// "TCP4 192.0.2.1 192.0.2.2 4711 80"
ProxyHeader read_words(std::string_view line, std::size_t size) {
    const auto words = split(line.substr(line_begin.size()), ' ');
    const auto& family = words[0];
    if (family == "UNKNOWN") return {.state = State::complete, .size = size};
    constexpr std::string_view names[] = {"family", "client-address", "destination-address",
                                          "client-port"};
    for (std::size_t i = 0; i < std::size(names); ++i)
        if (words.size() <= i || words[i].empty())
            return malformed(fmt::format("AH03497: RemoteIPProxyProtocol: no {} found in header "
                                         "'{}'",
                                         names[i], line));
    if (family != "TCP4" && family != "TCP6")
        return malformed(fmt::format(
            "AH03499: RemoteIPProxyProtocol: unknown family '{}' in header '{}'", family, line));
    const auto port = parse_decimal(words[3]);
    if (!port || *port > 65535)
        return malformed(fmt::format("AH03501: RemoteIPProxyProtocol: error parsing port '{}' in "
                                     "header '{}'",
                                     words[3], line));
    const auto client = Address::parse(words[1], static_cast<unsigned short>(*port));
    if (!client || (words[1].find(':') != words[1].npos) != (family == "TCP6"))
        return malformed(fmt::format("AH03500: RemoteIPProxyProtocol: invalid client-address '{}' "
                                     "found in header '{}'",
                                     words[1], line));
    return {.state = State::complete, .size = size, .client = client};
}

ProxyHeader read_line(std::string_view received) {
    const auto end = received.substr(0, longest_line).find("\r\n");
    if (end != received.npos) return read_words(received.substr(0, end), end + 2);
    if (received.size() < longest_line) return {};
    return malformed(fmt::format("AH10185: RemoteIPProxyProtocol header too long, got {} expected "
                                 "{}",
                                 received.size(), longest_line));
}

std::size_t two_bytes(std::string_view bytes, std::size_t at) {
    return static_cast<unsigned char>(bytes[at]) * 256u + static_cast<unsigned char>(bytes[at + 1]);
}

Address address_of(int family, std::string_view packed, std::size_t port) {
    sockaddr_storage system{};
    system.ss_family = static_cast<sa_family_t>(family);
    if (family == AF_INET) {
        auto& v4 = reinterpret_cast<sockaddr_in&>(system);
        std::memcpy(&v4.sin_addr, packed.data(), packed.size());
        v4.sin_port = htons(static_cast<std::uint16_t>(port));
    } else {
        auto& v6 = reinterpret_cast<sockaddr_in6&>(system);
        std::memcpy(&v6.sin6_addr, packed.data(), packed.size());
        v6.sin6_port = htons(static_cast<std::uint16_t>(port));
    }
    return Address::from_system(system);
}

// Two addresses and two ports; the client's come first.
ProxyHeader read_addresses(int family, std::size_t address_size, std::string_view header) {
    const auto rest = header.substr(fixed_size);
    if (rest.size() < 2 * address_size + 4)
        return malformed(fmt::format("AH10597: RemoteIPProxyProtocol: address length {} too short "
                                     "for TCPv{}",
                                     rest.size(), family == AF_INET ? 4 : 6));
    return {.state = State::complete,
            .size = header.size(),
            .client = address_of(family, rest.substr(0, address_size),
                                 two_bytes(rest, 2 * address_size))};
}

ProxyHeader read_binary(std::string_view received) {
    if (received.size() < fixed_size) return {};
    const std::size_t size = fixed_size + two_bytes(received, 14);
    if (size > longest_proxy_header)
        return malformed("AH10186: RemoteIPProxyProtocol protocol header length too long");
    if (received.size() < size) return {};
    const auto header = received.substr(0, size);
    const int version = static_cast<unsigned char>(header[12]) >> 4;
    const int command = header[12] & 15;
    const int protocol = static_cast<unsigned char>(header[13]);
    constexpr int local = 0, proxied = 1, tcp_4 = 0x11, tcp_6 = 0x21;
    if (version != 2)
        return malformed(fmt::format("AH03509: RemoteIPProxyProtocol: internal error: unknown "
                                     "version {}",
                                     version));
    if (command == local) return {.state = State::complete, .size = size};
    if (command != proxied)
        return malformed(fmt::format("AH03507: RemoteIPProxyProtocol: unsupported command {:02x}",
                                     static_cast<unsigned char>(header[12])));
    if (protocol == tcp_4) return read_addresses(AF_INET, 4, header);
    if (protocol == tcp_6) return read_addresses(AF_INET6, 16, header);
    return malformed(
        fmt::format("AH10183: RemoteIPProxyProtocol: unsupported protocol {:02x}", protocol));
}

bool may_begin(std::string_view received, std::string_view with) {
    const auto size = std::min(received.size(), with.size());
    return received.substr(0, size) == with.substr(0, size);
}

} // namespace

ProxyHeader parse_proxy_header(std::string_view received) {
    if (may_begin(received, signature))
        return received.size() < signature.size() ? ProxyHeader{} : read_binary(received);
    if (may_begin(received, line_begin))
        return received.size() < line_begin.size() ? ProxyHeader{} : read_line(received);
    return {.state = State::missing};
}

} // namespace preforkd::net
