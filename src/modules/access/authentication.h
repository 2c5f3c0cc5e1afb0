// What all ways of authentication have in common: AuthType, AuthName, and how a client is asked.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "config/settings.h"
#include "pipeline/expression/expression.h"
#include "pipeline/request.h"

namespace preforkd {

struct AuthnCoreSettings {
    static constexpr config::Scope scope = config::Scope::directory;
    void inherit_from(const AuthnCoreSettings& outer) {
        config::inherit(type, outer.type);
        config::inherit(name, outer.name);
    }
    std::optional<Expression> type; // "Basic"; "None" where nothing is asked
    std::optional<Expression> name; // the realm
};

// "Basic", or "" where no AuthType holds.
std::string_view auth_type_of(Request& request);
// The realm. Requires: has_auth_name().
bool has_auth_name(const Request& request);
std::string_view auth_name_of(Request& request);

// Adds the WWW-Authenticate field that a 401 must have (RFC 9110 §11.6.1).
void challenge(Request& request);
// The same for AuthType Digest. Requires: an AuthName.
void challenge_by_digest(Request& request);

} // namespace preforkd
