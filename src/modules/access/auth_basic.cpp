// auth_basic: asks for a user and a password. Nobody can check them yet (docs/deferred.md), so
// nobody gets in.
#include "base/text.h"
#include "config/configuration.h"
#include "config/directive.h"
#include "modules/access/authentication.h"
#include "modules/modules.h"
#include "pipeline/request.h"

namespace preforkd {

using config::Arguments;
using config::Invocation;
using config::Shape;

namespace {

bool is_enabled(const config::Configuration& configuration, std::string_view identifier) {
    for (const auto& enabled : configuration.enabled_modules)
        if (enabled == identifier) return true;
    return false;
}

Status check_provider(Invocation& invocation, Arguments arguments) {
    const std::string& name = arguments[0];
    if (iequals(name, "file") && is_enabled(invocation.configuration, "authn_file_module"))
        return config::accepted_for_later(invocation, arguments);
    return Error{"Unknown Authn provider: " + name};
}

Status check_digest_algorithm(Invocation& invocation, Arguments arguments) {
    if (iequals(arguments[0], "off") || iequals(arguments[0], "md5"))
        return config::accepted_for_later(invocation, arguments);
    return Error{"Invalid algorithm in AuthBasicUseDigestAlgorithm: " + arguments[0]};
}

Verdict ask(Request& request) {
    challenge(request);
    return refuse(401);
}

Verdict check_user_id(Request& request) {
    if (!iequals(auth_type_of(request), "basic")) return declined;
    if (!request.of<AuthnCoreSettings>().name) {
        request.log("auth_basic", log::Level::error,
                    request.arena.join({"AH01615: need AuthName: ", request.uri}));
        return refuse(500);
    }
    const auto given = request.head.fields.value_or_empty(http::FieldId::authorization);
    if (given.empty()) return ask(request);
    if (!istarts_with(given, "basic ")) {
        request.log("auth_basic", log::Level::error,
                    request.arena.join(
                        {"AH01614: client used wrong authentication scheme: ", request.uri}));
        return ask(request);
    }
    request.log("auth_basic", log::Level::error,
                request.arena.join(
                    {"passwords cannot be checked yet, so access is denied: ", request.uri}));
    return ask(request);
}

std::vector<config::Directive> directives() {
    using config::accepted_for_later;
    using config::override_auth_config;
    constexpr unsigned sections = config::directory | config::htaccess;
    return {
        {"AuthBasicProvider", Shape::each, sections, override_auth_config, check_provider,
         "specify the auth providers for a directory or location"},
        {"AuthBasicAuthoritative", Shape::flag, sections, override_auth_config, accepted_for_later,
         "Set to 'Off' to allow access control to be passed along to lower modules if the UserID "
         "is not known to this module"},
        {"AuthBasicFake", Shape::one_or_two, sections, override_auth_config, accepted_for_later,
         "Fake basic authentication using the given expressions for username and password, 'off' "
         "to disable. Password defaults to 'password' if missing."},
        {"AuthBasicUseDigestAlgorithm", Shape::one, sections, override_auth_config,
         check_digest_algorithm,
         "Set to 'MD5' to use the auth provider's authentication check for digest auth, using a "
         "hash of 'user:realm:pass'"},
    };
}

} // namespace

Module auth_basic_module() {
    return {
        .name = "auth_basic",
        .directives = directives(),
        .hooks = {.check_user_id = check_user_id},
    };
}

} // namespace preforkd
