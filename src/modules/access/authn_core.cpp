// authn_core: AuthType and AuthName, and the end of the way where nobody knows the user.
#include "base/text.h"
#include "config/directive.h"
#include "modules/access/authentication.h"
#include "modules/modules.h"
#include "pipeline/request.h"

namespace preforkd {

using config::Shape;

std::string_view auth_type_of(const Request& request) {
    const auto& type = request.of<AuthnCoreSettings>().type;
    return type && !iequals(*type, "none") ? std::string_view(*type) : std::string_view();
}

namespace {

std::string quoted(std::string_view text) {
    std::string result = "\"";
    for (char c : text) {
        if (c == '"') result += '\\';
        result += c;
    }
    return result += '"';
}

// The last of check_user_id: whoever knows the type has spoken before. Without a type the request
// is refused by the core, because a user was asked for.
Verdict check_user_id(Request& request) {
    const auto type = auth_type_of(request);
    if (type.empty()) return declined;
    request.log("authn_core", log::Level::error,
                request.arena.join(
                    {"AH01796: AuthType ", type, " configured without corresponding module"}));
    return refuse(500);
}

Status refuse_alias_section(config::Invocation&, config::Arguments) {
    return Error{"<AuthnProviderAlias> is not supported yet"};
}

} // namespace

void challenge(Request& request) {
    const auto type = auth_type_of(request);
    if (iequals(type, "digest")) return challenge_by_digest(request);
    if (!iequals(type, "basic")) return;
    const std::string realm = quoted(request.of<AuthnCoreSettings>().name.value_or(""));
    request.response.error_fields.set(http::FieldId::www_authenticate,
                                      request.arena.join({"Basic realm=", realm}));
}

Module authn_core_module() {
    constexpr unsigned sections = config::directory | config::htaccess;
    return {
        .name = "authn_core",
        .directives =
            {
                {"AuthType", Shape::one, sections, config::override_auth_config,
                 config::sets_text<&AuthnCoreSettings::type>,
                 "an HTTP authorization type (e.g., \"Basic\")"},
                {"AuthName", Shape::one, sections, config::override_auth_config,
                 config::sets_text<&AuthnCoreSettings::name>,
                 "the authentication realm (e.g. \"Members Only\")"},
                {"<AuthnProviderAlias", Shape::raw, config::server_config, 0, refuse_alias_section,
                 "container for grouping an authentication provider's directives under a provider "
                 "alias"},
            },
        .settings = {config::settings_type<AuthnCoreSettings>()},
        .hooks = {.check_user_id = check_user_id},
    };
}

} // namespace preforkd
