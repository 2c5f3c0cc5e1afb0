// authz_owner: Require file-owner, for files that belong to the user who asks.
#include <array>

#include "modules/access/authorization.h"
#include "modules/modules.h"
#include "os/identity.h"

namespace preforkd {

namespace {

Authorization deny(const Request& request, std::string_view tag, std::string_view why) {
    request.log("authz_owner", log::Level::error,
                request.arena.join({tag, ": Authorization of user ", request.user, " to access ",
                                    request.uri, " failed, reason: ", why}));
    return Authorization::denied;
}

Authorization check_owner(const Request& request, RequirementWords) {
    if (!request.has_user()) return Authorization::denied_without_user;
    if (request.filename.empty()) return deny(request, "AH01633", "no filename available");
    if (request.storage.kind == Storage::Kind::missing)
        return deny(request, "AH01634",
                    request.arena.join({"could not stat file ", request.filename}));
    const auto owner = name_of_user(request.storage.status.st_uid);
    if (owner == request.user) return Authorization::granted;
    return deny(request, "AH01637", "file owner " + owner + " does not match.");
}

} // namespace

std::span<const AuthorizationProvider> authz_owner_providers() {
    static constexpr std::array providers{
        AuthorizationProvider{"file-owner", requirement_of<check_owner>, "authz_owner_module"},
    };
    return providers;
}

Module authz_owner_module() { return {.name = "authz_owner"}; }

} // namespace preforkd
