// authz_user: Require user and Require valid-user.
#include <algorithm>
#include <array>

#include "modules/access/authorization.h"
#include "modules/modules.h"

namespace preforkd {

namespace {

Authorization check_user(const Request& request, RequirementWords names) {
    if (!request.has_user()) return Authorization::denied_without_user;
    if (std::find(names.begin(), names.end(), request.user) != names.end())
        return Authorization::granted;
    request.log("authz_user", log::Level::debug,
                request.arena.join({"AH01663: access to ", request.uri, " failed, reason: user '",
                                    request.user,
                                    "' does not meet 'require'ments for user to be allowed "
                                    "access"}));
    return Authorization::denied;
}

Authorization check_any_user(const Request& request, RequirementWords) {
    return request.has_user() ? Authorization::granted : Authorization::denied_without_user;
}

} // namespace

std::span<const AuthorizationProvider> authz_user_providers() {
    constexpr std::string_view identifier = "authz_user_module";
    static constexpr std::array providers{
        AuthorizationProvider{"user", requirement_of<check_user>, identifier},
        AuthorizationProvider{"valid-user", requirement_of<check_any_user>, identifier},
    };
    return providers;
}

Module authz_user_module() { return {.name = "authz_user"}; }

} // namespace preforkd
