#include "net/proxy_protocol.h"

#include <algorithm>
#include <fmt/format.h>
#include <sys/socket.h>

#include "base/log.h"
#include "base/text.h"

namespace preforkd::net {

namespace {

using State = ProxyHeader::State;

constexpr std::string_view signature{"\r\n\r\n\0\r\nQUIT\n", 12};
constexpr std::string_view line_begin = "PROXY ";
constexpr std::size_t shortest_header = 15; // "PROXY UNKNOWN\r\n"
constexpr std::size_t longest_line = 108;   // with its end
constexpr std::size_t fixed_size = 16;      // of version 2, before the addresses

ProxyHeader malformed(std::string problem, int code = 0) {
    return {.state = State::malformed, .problem = std::move(problem), .code = code};
}

std::string_view take_word(std::string_view& rest) {
    const auto end = std::min(rest.find(' '), rest.size());
    const auto word = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return word;
}

ProxyHeader lacks(std::string_view what, std::string_view line) {
    return malformed(
        fmt::format("AH03497: RemoteIPProxyProtocol: no {} found in header '{}'", what, line));
}

// Apache has the resolver look at what consists of the right characters: the log says what that
// would say.
ProxyHeader no_address(bool is_ipv6, std::string_view ip, std::string_view port,
                       std::string_view line) {
    const bool is_other_family = is_ipv6 && ip.find_first_not_of("0123456789.") == ip.npos;
    return malformed(
        fmt::format("AH03502: RemoteIPProxyProtocol: error converting family '{}', host '{}', and "
                    "port '{}' to sockaddr; header was '{}'",
                    is_ipv6 ? AF_INET6 : AF_INET, ip, port, line),
        is_other_family ? log::cause_wrong_family : log::cause_no_such_host);
}

// "TCP4 192.0.2.1 192.0.2.2 4711 80"
ProxyHeader read_words(std::string_view line, std::size_t size) {
    auto rest = line.substr(line_begin.size());
    const auto family = take_word(rest);
    if (family.empty()) return lacks("family", line);
    if (family == "UNKNOWN") return {.state = State::complete, .size = size};
    const bool is_ipv6 = family == "TCP6";
    if (!is_ipv6 && family != "TCP4")
        return malformed(fmt::format(
            "AH03499: RemoteIPProxyProtocol: unknown family '{}' in header '{}'", family, line));
    const auto ip = take_word(rest);
    if (ip.empty()) return lacks("client-address", line);
    if (ip.find_first_not_of(is_ipv6 ? "0123456789abcdefABCDEF:." : "0123456789.") != ip.npos)
        return malformed(fmt::format("AH03500: RemoteIPProxyProtocol: invalid client-address '{}' "
                                     "found in header '{}'",
                                     ip, line));
    if (take_word(rest).empty()) return lacks("destination-address", line);
    const auto port = take_word(rest);
    if (port.empty()) return lacks("client-port", line);
    const auto number = parse_decimal(port);
    if (!number || *number > 65535)
        return malformed(fmt::format(
            "AH03501: RemoteIPProxyProtocol: error parsing port '{}' in header '{}'", port, line));
    const auto client = Address::parse(ip, static_cast<unsigned short>(*number));
    if (!client || (ip.find(':') != ip.npos) != is_ipv6) return no_address(is_ipv6, ip, port, line);
    return {.state = State::complete, .size = size, .client = client, .client_ip = std::string(ip)};
}

ProxyHeader read_line(std::string_view received) {
    const auto end = received.substr(0, longest_line).find("\r\n");
    if (end != received.npos) return read_words(received.substr(0, end), end + 2);
    if (received.size() <= longest_line) return {};
    // Apache counts what it reads after the shortest header.
    const auto line_size = std::min(received.find('\n'), received.size() - 1) + 1;
    return malformed(fmt::format("AH10185: RemoteIPProxyProtocol header too long, got {} expected "
                                 "{}",
                                 line_size - shortest_header, longest_line - shortest_header));
}

std::size_t two_bytes(std::string_view bytes, std::size_t at) {
    return static_cast<unsigned char>(bytes[at]) * 256u + static_cast<unsigned char>(bytes[at + 1]);
}

// Two addresses and two ports; the client's come first.
ProxyHeader read_addresses(std::size_t address_size, std::string_view header) {
    const auto rest = header.substr(fixed_size);
    const auto port = static_cast<unsigned short>(two_bytes(rest, 2 * address_size));
    const auto client = Address::from_packed(rest.substr(0, address_size), port);
    return {.state = State::complete,
            .size = header.size(),
            .client = client,
            .client_ip = client.ip()};
}

ProxyHeader read_tcp_4(std::string_view header) {
    const auto size = header.size() - fixed_size;
    if (size >= 12) return read_addresses(4, header);
    return malformed(
        fmt::format("AH10597: RemoteIPProxyProtocol: address length {} too short for TCPv4", size));
}

ProxyHeader read_tcp_6(std::string_view header) {
    const auto size = header.size() - fixed_size;
    if (size >= 36) return read_addresses(16, header);
    return malformed(
        fmt::format("AH10598: RemoteIPProxyProtocol: address length {} too short for TCPv6", size));
}

ProxyHeader read_binary(std::string_view received) {
    if (received.size() < fixed_size) return {};
    const int version = static_cast<unsigned char>(received[12]) >> 4;
    if (version != 2) return {.state = State::missing};
    const std::size_t size = fixed_size + two_bytes(received, 14);
    if (size > longest_proxy_header)
        return malformed("AH10186: RemoteIPProxyProtocol protocol header length too long");
    if (received.size() < size) return {};
    const auto header = received.substr(0, size);
    const int command = header[12] & 15;
    const int protocol = static_cast<unsigned char>(header[13]);
    constexpr int local = 0, proxied = 1, tcp_4 = 0x11, tcp_6 = 0x21;
    if (command == local) return {.state = State::complete, .size = size};
    if (command != proxied)
        return malformed(fmt::format("AH03507: RemoteIPProxyProtocol: unsupported command {:02x}",
                                     static_cast<unsigned char>(header[12])));
    if (protocol == tcp_4) return read_tcp_4(header);
    if (protocol == tcp_6) return read_tcp_6(header);
    return malformed(
        fmt::format("AH10183: RemoteIPProxyProtocol: unsupported protocol {:02x}", protocol));
}

} // namespace

ProxyHeader parse_proxy_header(std::string_view received) {
    if (received.size() < shortest_header) return {};
    if (received.starts_with(signature)) return read_binary(received);
    if (received.starts_with(line_begin)) return read_line(received);
    return {.state = State::missing};
}

} // namespace preforkd::net
