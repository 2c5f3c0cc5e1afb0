#include "os/host_names.h"

#include <algorithm>
#include <memory>
#include <netdb.h>
#include <unistd.h>

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
    if (failure != 0) return Error{gai_strerror(failure), 0};
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

std::optional<std::string> own_host_name() {
    char name[256] = {};
    if (gethostname(name, sizeof name - 1) != 0 || name[0] == '\0') return {};
    return name;
}

std::optional<std::string> own_qualified_name() {
    const auto name = own_host_name();
    if (!name) return {};
    if (name->find('.') != std::string::npos) return name;
    const auto list = look_up(*name, AI_CANONNAME);
    if (!list || !list->get()->ai_canonname) return {};
    std::string canonical = list->get()->ai_canonname;
    if (canonical.find('.') == std::string::npos) return {};
    return canonical;
}

} // namespace preforkd
