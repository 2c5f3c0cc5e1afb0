#include "net/client_names.h"

#include <array>
#include <cstring>
#include <memory>
#include <netdb.h>

namespace preforkd::net {

namespace {

// A child has one client at a time.
struct Found {
    Address address;
    std::string name;
};
Found last_found;

} // namespace

std::optional<std::string> name_of(const Address& address) {
    sockaddr_storage system{};
    const socklen_t size = address.to_system(system);
    std::array<char, NI_MAXHOST> name;
    if (::getnameinfo(reinterpret_cast<const sockaddr*>(&system), size, name.data(), name.size(),
                      nullptr, 0, NI_NAMEREQD) != 0)
        return std::nullopt;
    return std::string(name.data());
}

bool leads_to(const std::string& name, const Address& address) {
    addrinfo wanted{};
    wanted.ai_socktype = SOCK_STREAM;
    addrinfo* first = nullptr;
    if (::getaddrinfo(name.c_str(), nullptr, &wanted, &first) != 0) return false;
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(first, ::freeaddrinfo);
    for (const addrinfo* one = first; one; one = one->ai_next) {
        sockaddr_storage system{};
        std::memcpy(&system, one->ai_addr, one->ai_addrlen);
        if (Address::from_system(system).same_host(address)) return true;
    }
    return false;
}

std::optional<std::string> verified_name_of(const Address& address) {
    auto name = name_of(address);
    if (!name || !leads_to(*name, address)) return std::nullopt;
    last_found = {address, *name};
    return name;
}

std::string_view found_name_of(const Address& address) {
    // Whom a field names has no port, which would tell one connection from the next.
    const bool is_same = address.port() != 0 && last_found.address.same_host(address) &&
                         last_found.address.port() == address.port();
    return is_same ? std::string_view(last_found.name) : std::string_view();
}

} // namespace preforkd::net
