// authn_core: AuthType and AuthName, and the end of the way where nobody knows the user.
#include <fmt/format.h>

#include "base/text.h"
#include "config/directive.h"
#include "modules/access/authentication.h"
#include "modules/access/provider_alias.h"
#include "modules/modules.h"
#include "pipeline/authorization.h"
#include "pipeline/request.h"

namespace preforkd {

using config::Shape;

std::string_view auth_type_of(Request& request) {
    const auto& said = request.of<AuthnCoreSettings>().type;
    const auto type = said ? said->text_or_logs(request, "authn_core") : std::string_view();
    return iequals(type, "none") ? std::string_view() : type;
}

bool has_auth_name(const Request& request) {
    return request.of<AuthnCoreSettings>().name.has_value();
}

std::string_view auth_name_of(Request& request) {
    return request.of<AuthnCoreSettings>().name->text_or_logs(request, "authn_core");
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

template <auto Field>
Status set_expression(AuthnCoreSettings& settings, config::Arguments arguments,
                      config::Invocation& invocation) {
    auto text = Expression::text(arguments[0], invocation.configuration);
    if (!text)
        return Error{fmt::format("Cannot parse expression '{}' in {}: {}", arguments[0],
                                 invocation.directive.name, text.error().what)};
    settings.*Field = std::move(*text);
    return {};
}

} // namespace

void challenge(Request& request) {
    const auto type = auth_type_of(request);
    if (iequals(type, "digest")) return challenge_by_digest(request);
    if (!iequals(type, "basic")) return;
    const std::string realm = quoted(has_auth_name(request) ? auth_name_of(request) : "");
    ask_for_credentials(request, request.arena.join({"Basic realm=", realm}));
}

Module authn_core_module() {
    constexpr unsigned sections = config::directory | config::htaccess;
    return {
        .name = "authn_core",
        .directives =
            {
                {"AuthType", Shape::one, sections, config::override_auth_config,
                 config::edits<set_expression<&AuthnCoreSettings::type>>,
                 "an HTTP authorization type (e.g., \"Basic\")"},
                {"AuthName", Shape::one, sections, config::override_auth_config,
                 config::edits<set_expression<&AuthnCoreSettings::name>>,
                 "the authentication realm (e.g. \"Members Only\")"},
                {"<AuthnProviderAlias", Shape::raw, config::server_config, 0, add_provider_alias,
                 "container for grouping an authentication provider's directives under a provider "
                 "alias"},
            },
        .settings = {config::settings_type<AuthnCoreSettings>(), provider_alias_settings()},
        .hooks = {.check_user_id = check_user_id},
    };
}

} // namespace preforkd
