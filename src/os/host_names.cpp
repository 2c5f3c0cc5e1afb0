#include "os/host_names.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <memory>
#include <netdb.h>
#include <unistd.h>

#include "base/log.h"

namespace preforkd {

namespace {

struct AddressListDeleter {
    void operator()(addrinfo* list) const { freeaddrinfo(list); }
};
using AddressList = std::unique_ptr<addrinfo, AddressListDeleter>;

Result<AddressList> look_up(const std::string& name, int flags) {
    addrinfo wanted{};
    wanted.ai_socktype = SOCK_STREAM;
    wanted.ai_flags = flags;
    addrinfo* list = nullptr;
    const int failure = getaddrinfo(name.c_str(), nullptr, &wanted, &list);
    if (failure != 0) {
        const int cause = log::cause_of_lookup(failure);
        return Error{log::describe(cause), cause};
    }
    return AddressList(list);
}

} // namespace

Result<std::vector<std::string>> resolve_host(const std::string& name) {
    auto list = look_up(name, 0);
    if (!list) return list.error();
    std::vector<std::string> addresses;
    for (const addrinfo* entry = list->get(); entry; entry = entry->ai_next) {
        char text[NI_MAXHOST];
        if (getnameinfo(entry->ai_addr, entry->ai_addrlen, text, sizeof text, nullptr, 0,
                        NI_NUMERICHOST) != 0)
            continue;
        if (std::find(addresses.begin(), addresses.end(), text) == addresses.end())
            addresses.emplace_back(text);
    }
    return addresses;
}

OwnName own_name() {
    OwnName unknown{"127.0.0.1", false};
    char own[256] = {};
    if (gethostname(own, sizeof own - 1) != 0) return unknown;
    const auto list = look_up(own, 0);
    if (!list) {
        unknown.unresolved = own;
        return unknown;
    }
    const addrinfo& first = *list.value();
    char name[NI_MAXHOST];
    if (getnameinfo(first.ai_addr, first.ai_addrlen, name, sizeof name, nullptr, 0, 0) == 0 &&
        std::strchr(name, '.') && !std::strchr(name, ':'))
        return {name, true};
    if (std::strchr(own, '.')) return {own, false};
    if (getnameinfo(first.ai_addr, first.ai_addrlen, name, sizeof name, nullptr, 0,
                    NI_NUMERICHOST) != 0)
        return unknown;
    return {name, false};
}

} // namespace preforkd
