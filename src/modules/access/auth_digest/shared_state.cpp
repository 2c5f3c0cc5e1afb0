#include "modules/access/auth_digest/shared_state.h"

#include "modules/access/auth_digest/nonce.h"
#include "modules/access/auth_digest/settings.h"

namespace preforkd::auth_digest {

namespace {

std::optional<ClientTable>& table() {
    static std::optional<ClientTable> shared;
    return shared;
}

} // namespace

Status share_state(config::Configuration& configuration) {
    const auto size = configuration.main_server().of<ServerSettings>().memory;
    if (table() && table()->size() == size) return {};
    auto made = ClientTable::create(size);
    if (!made)
        return Error{"AH01760: failed to allocate shared memory - all nonce-count checking and "
                     "one-time nonces disabled: " +
                     made.error().what};
    table().emplace(std::move(*made));
    choose_secret();
    return {};
}

ClientTable& clients() { return *table(); }

} // namespace preforkd::auth_digest
