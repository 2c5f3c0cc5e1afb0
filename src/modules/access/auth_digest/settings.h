// What the directives of auth_digest say.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/directive.h"
#include "config/settings.h"
#include "modules/access/authn_provider.h"

namespace preforkd::auth_digest {

struct Settings {
    static constexpr config::Scope scope = config::Scope::directory;
    // Nothing of an outer section holds beside what is said here, as in Apache.
    void inherit_from(const Settings&) {}
    std::vector<const AuthenticationProvider*> providers; // none: the file
    std::int64_t lifetime = 300;       // of a nonce, in seconds; negative: for ever
    bool checks_count = false;         // AuthDigestNcCheck
    std::optional<std::string> domain; // paths under the same users, with spaces between

    bool has_one_time_nonces() const { return lifetime == 0; }
    bool tracks_clients() const { return checks_count || has_one_time_nonces(); }
};

// The main server's, for all.
struct ServerSettings {
    static constexpr config::Scope scope = config::Scope::server;
    void inherit_from(const ServerSettings&) {}
    std::size_t memory = 1000; // bytes, for the track of clients (AuthDigestShmemSize)
};

std::vector<config::Directive> directives();

} // namespace preforkd::auth_digest
