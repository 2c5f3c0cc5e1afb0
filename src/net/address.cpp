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
            end = std::to_chars(end, std::end(text) - 1, static_cast<unsigned char>(bytes_[i])).ptr;
            *end++ = '.';
        }
        return {text, end - 1};
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
std::size_t parse_partial_ipv4(std::string_view text, unsigned char* bytes) {
    if (text.ends_with('.')) text.remove_suffix(1);
    const auto parts = split(text, '.');
    if (text.empty() || parts.size() > 3) return 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const auto number = parse_decimal(parts[i]);
        if (!number || *number > 255) return 0;
        bytes[i] = static_cast<unsigned char>(*number);
    }
    return parts.size();
}

void set_front(unsigned char* mask, std::size_t bits) {
    for (std::size_t i = 0; i < bits; ++i) mask[i / 8] |= static_cast<unsigned char>(0x80 >> i % 8);
}

// "::ffff:192.0.2.1": no client has such an address, here or in Apache.
bool is_mapped(std::string_view written, const Address& address) {
    return !address.is_ipv6() && written.find(':') != written.npos;
}

// "8" or "255.0.0.0"
bool parse_mask(std::string_view text, const Address& address, unsigned char* mask) {
    if (const auto bits = parse_decimal(text)) {
        const auto wanted = static_cast<std::size_t>(*bits);
        if (wanted == 0 || wanted > address.packed().size() * 8) return false;
        set_front(mask, wanted);
        return true;
    }
    const auto written = Address::parse(text, 0);
    if (!written || written->is_ipv6() || address.is_ipv6()) return false;
    const auto packed = written->packed();
    std::copy(packed.begin(), packed.end(), mask);
    return true;
}

} // namespace

std::optional<AddressRange> AddressRange::parse(std::string_view text) {
    AddressRange range;
    const auto slash = text.find('/');
    const auto written = text.substr(0, slash);
    const auto address = Address::parse(written, 0);
    if (address && is_mapped(written, *address)) return std::nullopt;
    if (!address) {
        const auto size = slash == text.npos ? parse_partial_ipv4(text, range.bytes_.data()) : 0;
        if (size == 0) return std::nullopt;
        range.family_ = AF_INET;
        set_front(range.mask_.data(), size * 8);
        return range;
    }
    const auto packed = address->packed();
    range.family_ = address->is_ipv6() ? AF_INET6 : AF_INET;
    std::copy(packed.begin(), packed.end(), range.bytes_.begin());
    if (slash == text.npos) set_front(range.mask_.data(), packed.size() * 8);
    else if (!parse_mask(text.substr(slash + 1), *address, range.mask_.data())) return std::nullopt;
    return range;
}

bool AddressRange::contains(const Address& address) const {
    const auto packed = address.packed();
    if (packed.empty() || address.is_ipv6() != (family_ == AF_INET6)) return false;
    for (std::size_t i = 0; i < packed.size(); ++i)
        if (((static_cast<unsigned char>(packed[i]) ^ bytes_[i]) & mask_[i]) != 0) return false;
    return true;
}

} // namespace preforkd::net
