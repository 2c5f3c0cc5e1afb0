// Network addresses, IPv4 and IPv6.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <sys/socket.h>

namespace preforkd::net {

// A value: family, address and port. IPv4-mapped IPv6 addresses are held as IPv4.
class Address {
  public:
    Address() = default;
    // A numeric address; nothing when it is not one.
    static std::optional<Address> parse(std::string_view host, unsigned short port);
    static Address from_system(const sockaddr_storage& address);
    // 4 or 16 bytes in network order.
    static Address from_packed(std::string_view bytes, unsigned short port);

    bool is_ipv6() const { return family_ == AF_INET6; }
    unsigned short port() const { return port_; }
    // 4 or 16 bytes in network order; empty for the default value.
    std::string_view packed() const { return {bytes_, size_}; }
    std::string ip() const;   // "127.0.0.1", "::1"
    std::string text() const; // "127.0.0.1:4711", "[::1]:4711"
    bool is_loopback() const;
    // Fills `into` and answers its length, for bind and connect.
    socklen_t to_system(sockaddr_storage& into) const;
    bool same_host(const Address& other) const { return packed() == other.packed(); }

  private:
    int family_ = AF_UNSPEC;
    unsigned short port_ = 0;
    unsigned char size_ = 0;
    char bytes_[16] = {};
};

// A range of addresses: "10.1", "10.0.0.0/8", "10.0.0.0/255.0.0.0", "2001:db8::/32". A mask may
// have holes, as Apache's may: "10.0.7.0/255.0.255.0".
class AddressRange {
  public:
    static std::optional<AddressRange> parse(std::string_view text);
    bool contains(const Address& address) const;

  private:
    using Bytes = std::array<unsigned char, 16>;

    int family_ = AF_UNSPEC;
    Bytes bytes_{};
    Bytes mask_{}; // of the bits that count
};

} // namespace preforkd::net
