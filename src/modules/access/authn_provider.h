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

// Never changes after the configuration is read.
class AuthenticationProvider {
  public:
    virtual ~AuthenticationProvider() = default;
    virtual Authentication check_password(Request& request, const std::string& user,
                                          const std::string& password) const = 0;
    // Whether it can be asked for digests.
    virtual bool knows_digests() const { return false; }
    // Puts what digest_of() would be into `digest`; granted where there is such a user.
    virtual Authentication find_digest(Request&, const std::string& /*user*/,
                                       const std::string& /*realm*/,
                                       std::string& /*digest*/) const {
        return Authentication::failed;
    }
};

struct NamedAuthenticationProvider {
    std::string_view name;
    const AuthenticationProvider* provider;
    std::string_view module_identifier; // a provider comes with its module
};

std::span<const NamedAuthenticationProvider> authn_anon_providers();
std::span<const NamedAuthenticationProvider> authn_file_providers();
std::span<const NamedAuthenticationProvider> authn_socache_providers();

// Of an enabled module, or an alias of one. nullptr where there is none. The case of letters
// matters, as in Apache.
const AuthenticationProvider*
find_authentication_provider(const config::Configuration& configuration, std::string_view name);
// Who is asked where nobody is named.
const AuthenticationProvider& usual_authentication_provider();

} // namespace preforkd
