// Who knows users and their passwords: AuthBasicProvider names them.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "config/configuration.h"
#include "pipeline/request.h"

namespace preforkd {

enum class Authentication : unsigned char {
    granted,
    denied,         // the password is another
    user_not_found, // the next provider may know
    failed,         // nobody can tell: 500
};

struct AuthenticationProvider {
    std::string_view name;
    Authentication (*check_password)(Request& request, const std::string& user,
                                     const std::string& password);
    // Puts what digest_of() would be into `digest`; granted where there is such a user. nullptr where
    // the provider knows no digests.
    Authentication (*find_digest)(Request& request, const std::string& user,
                                  const std::string& realm, std::string& digest);
    std::string_view module_identifier; // a provider comes with its module
};

std::span<const AuthenticationProvider> authn_anon_providers();
std::span<const AuthenticationProvider> authn_file_providers();

// nullptr when no enabled module has it. The case of letters matters, as in Apache.
const AuthenticationProvider*
find_authentication_provider(const config::Configuration& configuration, std::string_view name);

} // namespace preforkd
