#include "modules/access/auth_digest/shared_state.h"

#include <map>

#include "modules/access/auth_digest/nonce.h"
#include "modules/access/auth_digest/settings.h"

namespace preforkd::auth_digest {

namespace {

struct State {
    ClientTable clients;
    std::string secret;
};

// By the size of their tables.
std::map<std::size_t, State>& states() {
    static std::map<std::size_t, State> shared;
    return shared;
}

State* current = nullptr;

std::size_t size_of_table(const config::Configuration& configuration) {
    return configuration.main_server().of<ServerSettings>().memory;
}

} // namespace

Status share_state(config::Configuration& configuration) {
    const auto size = size_of_table(configuration);
    if (states().contains(size)) return {};
    auto made = ClientTable::create(size);
    if (!made)
        return Error{"AH01760: failed to allocate shared memory - all nonce-count checking and "
                     "one-time nonces disabled: " +
                     made.error().what};
    states().try_emplace(size, State{std::move(*made), new_secret()});
    return {};
}

void use_state(const config::Configuration& configuration) {
    current = &states().at(size_of_table(configuration));
    use_secret(current->secret);
}

ClientTable& clients() { return current->clients; }

} // namespace preforkd::auth_digest
