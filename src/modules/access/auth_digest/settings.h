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
    std::optional<std::int64_t> lifetime; // of a nonce, in seconds; negative: for ever
    std::optional<std::string> domain;    // paths under the same users, with spaces between
};

std::vector<config::Directive> directives();

} // namespace preforkd::auth_digest
