#include "net/address.h"

#include <algorithm>
#include <arpa/inet.h>
#include <charconv>
#include <cstring>
#include <netinet/in.h>

#include "base/text.h"

namespace preforkd::net {

namespace {

// IPv4 addresses on a socket that serves both families (RFC 4291 §2.5.5.2).
constexpr unsigned char mapped_prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

constexpr int bits_of(std::size_t bytes) { return static_cast<int>(bytes) * 8; }

} // namespace

std::optional<Address> Address::parse(std::string_view host, unsigned short port) {
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    const std::string text(host);
    sockaddr_storage system{};
    auto& v4 = reinterpret_cast<sockaddr_in&>(system);
    auto& v6 = reinterpret_cast<sockaddr_in6&>(system);
    if (::inet_pton(AF_INET, text.c_str(), &v4.sin_addr) == 1) {
        v4.sin_family = AF_INET;
        v4.sin_port = htons(port);
    } else if (::inet_pton(AF_INET6, text.c_str(), &v6.sin6_addr) == 1) {
        v6.sin6_family = AF_INET6;
        v6.sin6_port = htons(port);
    } else {
        return std::nullopt;
    }
    return from_system(system);
}

Address Address::from_system(const sockaddr_storage& system) {
    Address address;
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(system);
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(system);
    if (system.ss_family == AF_INET) {
        address.family_ = AF_INET;
        address.port_ = ntohs(v4.sin_port);
        address.size_ = 4;
        std::memcpy(address.bytes_, &v4.sin_addr, 4);
    } else if (system.ss_family == AF_INET6) {
        const bool mapped = std::memcmp(&v6.sin6_addr, mapped_prefix, sizeof mapped_prefix) == 0;
        address.family_ = mapped ? AF_INET : AF_INET6;
        address.port_ = ntohs(v6.sin6_port);
        address.size_ = mapped ? 4 : 16;
        std::memcpy(address.bytes_, v6.sin6_addr.s6_addr + (mapped ? 12 : 0), address.size_);
    }
    return address;
}

Address Address::from_packed(std::string_view bytes, unsigned short port) {
    sockaddr_storage system{};
    if (bytes.size() == 4) {
        auto& v4 = reinterpret_cast<sockaddr_in&>(system);
        v4.sin_family = AF_INET;
        v4.sin_port = htons(port);
        std::memcpy(&v4.sin_addr, bytes.data(), 4);
    } else {
        auto& v6 = reinterpret_cast<sockaddr_in6&>(system);
        v6.sin6_family = AF_INET6;
        v6.sin6_port = htons(port);
        std::memcpy(&v6.sin6_addr, bytes.data(), 16);
    }
    return from_system(system);
}

// Every connection asks for it: inet_ntop, which formats with sprintf, is left to IPv6.
std::string Address::ip() const {
    char text[INET6_ADDRSTRLEN];
    if (family_ == AF_INET) {
        char* end = text;
        for (int i = 0; i < 4; ++i) {
            if (i > 0) *end++ = '.';
            end = std::to_chars(end, std::end(text), static_cast<unsigned char>(bytes_[i])).ptr;
        }
        return {text, end};
    }
    if (family_ == AF_UNSPEC || !::inet_ntop(family_, bytes_, text, sizeof text)) return {};
    return text;
}

std::string Address::text() const {
    const std::string port = ":" + std::to_string(port_);
    return is_ipv6() ? "[" + ip() + "]" + port : ip() + port;
}

bool Address::is_loopback() const {
    if (family_ == AF_INET) return bytes_[0] == 127;
    if (family_ != AF_INET6) return false;
    return bytes_[15] == 1 && std::all_of(bytes_, bytes_ + 15, [](char byte) { return byte == 0; });
}

socklen_t Address::to_system(sockaddr_storage& into) const {
    into = {};
    into.ss_family = static_cast<sa_family_t>(family_);
    if (family_ == AF_INET6) {
        auto& v6 = reinterpret_cast<sockaddr_in6&>(into);
        v6.sin6_port = htons(port_);
        std::memcpy(&v6.sin6_addr, bytes_, 16);
        return sizeof(sockaddr_in6);
    }
    auto& v4 = reinterpret_cast<sockaddr_in&>(into);
    v4.sin_port = htons(port_);
    std::memcpy(&v4.sin_addr, bytes_, 4);
    return sizeof(sockaddr_in);
}

namespace {

// "10", "10.1", "10.1.2": the front of an IPv4 address, as Apache's Require ip takes it. Answers
// how many bytes there are, 0 when it is something else.
int parse_partial_ipv4(std::string_view text, char (&bytes)[16]) {
    if (text.ends_with('.')) text.remove_suffix(1);
    const auto parts = split(text, '.');
    if (text.empty() || parts.size() > 3) return 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const auto number = parse_decimal(parts[i]);
        if (!number || *number > 255) return 0;
        bytes[i] = static_cast<char>(*number);
    }
    return static_cast<int>(parts.size());
}

// The length of the prefix that a netmask leaves, or nothing for a mask with holes.
std::optional<int> prefix_of_mask(std::string_view packed) {
    int prefix = 0;
    bool ended = false;
    for (const char byte : packed) {
        for (int bit = 7; bit >= 0; --bit) {
            const bool set = (static_cast<unsigned char>(byte) >> bit) & 1;
            if (set && ended) return std::nullopt;
            if (set) ++prefix;
            else ended = true;
        }
    }
    return prefix;
}

std::optional<int> parse_prefix(std::string_view text, const Address& address) {
    const int most = bits_of(address.packed().size());
    if (const auto bits = parse_decimal(text)) {
        if (*bits > most) return std::nullopt;
        return static_cast<int>(*bits);
    }
    const auto mask = Address::parse(text, 0);
    if (!mask || mask->packed().size() != address.packed().size()) return std::nullopt;
    return prefix_of_mask(mask->packed());
}

} // namespace

std::optional<AddressRange> AddressRange::parse(std::string_view text) {
    AddressRange range;
    const auto slash = text.find('/');
    const auto address = Address::parse(text.substr(0, slash), 0);
    if (!address) {
        const int size = slash == text.npos ? parse_partial_ipv4(text, range.bytes_) : 0;
        if (size == 0) return std::nullopt;
        range.family_ = AF_INET;
        range.prefix_ = size * 8;
        return range;
    }
    const auto packed = address->packed();
    range.family_ = address->is_ipv6() ? AF_INET6 : AF_INET;
    range.prefix_ = bits_of(packed.size());
    std::copy(packed.begin(), packed.end(), range.bytes_);
    if (slash == text.npos) return range;
    const auto prefix = parse_prefix(text.substr(slash + 1), *address);
    if (!prefix) return std::nullopt;
    range.prefix_ = *prefix;
    return range;
}

bool AddressRange::contains(const Address& address) const {
    const auto packed = address.packed();
    if (packed.empty() || address.is_ipv6() != (family_ == AF_INET6)) return false;
    const auto whole = static_cast<std::size_t>(prefix_ / 8);
    if (std::memcmp(packed.data(), bytes_, whole) != 0) return false;
    const int rest = prefix_ % 8;
    if (rest == 0) return true;
    const int difference = packed[whole] ^ bytes_[whole];
    return ((difference & 0xff) >> (8 - rest)) == 0;
}

} // namespace preforkd::net
