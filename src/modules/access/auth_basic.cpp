// auth_basic: users by a name and a password in the Authorization field (RFC 7617).
#include <fmt/format.h>

#include "base/base64.h"
#include "base/text.h"
#include "config/configuration.h"
#include "config/directive.h"
#include "modules/access/authentication.h"
#include "modules/access/authn_provider.h"
#include "modules/access/password.h"
#include "modules/modules.h"
#include "pipeline/authorization.h"
#include "pipeline/expression/expression.h"
#include "pipeline/request.h"

namespace preforkd {

using config::Arguments;
using config::Invocation;
using config::Shape;

namespace {

struct AuthBasicSettings {
    static constexpr config::Scope scope = config::Scope::directory;
    void inherit_from(const AuthBasicSettings& outer) {
        if (providers.empty()) providers = outer.providers;
        config::inherit(authoritative, outer.authoritative);
        config::inherit(uses_digest, outer.uses_digest);
        if (!says_fake) fake = outer.fake;
        says_fake = says_fake || outer.says_fake;
    }
    // Who the request pretends to come from, for what is behind this server (AuthBasicFake).
    struct Fake {
        Expression user, password;
    };
    std::vector<const AuthenticationProvider*> providers; // none: the file
    std::optional<bool> authoritative;
    std::optional<bool> uses_digest;
    std::optional<Fake> fake;
    bool says_fake = false;
};

Status add_provider(AuthBasicSettings& settings, Arguments arguments, Invocation& invocation) {
    const auto* provider = find_authentication_provider(invocation.configuration, arguments[0]);
    if (!provider) return Error{"Unknown Authn provider: " + arguments[0]};
    settings.providers.push_back(provider);
    return {};
}

Status set_fake(AuthBasicSettings& settings, Arguments arguments, Invocation& invocation) {
    settings.says_fake = true;
    settings.fake.reset();
    if (arguments.size() == 1 && iequals(arguments[0], "off")) return {};
    auto user = Expression::text(arguments[0], invocation.configuration);
    if (!user)
        return Error{fmt::format("Could not parse fake username expression '{}': {}", arguments[0],
                                 user.error().what)};
    const std::string password = arguments.size() > 1 ? arguments[1] : "password";
    auto parsed = Expression::text(password, invocation.configuration);
    if (!parsed)
        return Error{fmt::format("Could not parse fake password expression associated to user "
                                 "'{}': {}",
                                 arguments[0], parsed.error().what)};
    settings.fake = AuthBasicSettings::Fake{std::move(*user), std::move(*parsed)};
    return {};
}

Status set_digest_algorithm(AuthBasicSettings& settings, Arguments arguments) {
    if (!iequals(arguments[0], "off") && !iequals(arguments[0], "md5"))
        return Error{"Invalid algorithm in AuthBasicUseDigestAlgorithm: " + arguments[0]};
    settings.uses_digest = iequals(arguments[0], "md5");
    return {};
}

Verdict ask(Request& request) {
    challenge(request);
    return refuse(401);
}

struct Credentials {
    std::string user, password;
};

// Nothing where the client showed none, or of another kind.
std::optional<Credentials> read_credentials(const Request& request) {
    const auto given = credentials_of(request);
    if (given.empty()) return {};
    const auto scheme = given.substr(0, given.find(' '));
    if (!iequals(scheme, "basic")) {
        request.log("auth_basic", log::Level::error,
                    request.arena.join(
                        {"AH01614: client used wrong authentication scheme: ", request.uri}));
        return {};
    }
    const auto decoded = decode_base64(trim(given.substr(scheme.size())));
    const auto colon = decoded.find(':');
    Credentials credentials{decoded.substr(0, colon), {}};
    if (colon != decoded.npos) credentials.password = decoded.substr(colon + 1);
    return credentials;
}

Authentication ask_provider(const AuthenticationProvider& provider, Request& request,
                            const Credentials& given) {
    if (!request.of<AuthBasicSettings>().uses_digest.value_or(false))
        return provider.check_password(request, given.user, given.password);
    if (!provider.knows_digests()) {
        request.log("auth_basic", log::Level::error,
                    "AH02493: Authn provider does not support AuthBasicUseDigestAlgorithm");
        return Authentication::failed;
    }
    const std::string realm(auth_name_of(request));
    std::string digest;
    const auto found = provider.find_digest(request, given.user, realm, digest);
    if (found != Authentication::granted) return found;
    return digest == digest_of(given.user, realm, given.password) ? Authentication::granted
                                                                  : Authentication::denied;
}

Authentication ask_providers(Request& request, const Credentials& given) {
    const auto& providers = request.of<AuthBasicSettings>().providers;
    if (providers.empty()) return ask_provider(usual_authentication_provider(), request, given);
    for (const auto* provider : providers) {
        const auto answer = ask_provider(*provider, request, given);
        if (answer != Authentication::user_not_found) return answer;
    }
    return Authentication::user_not_found;
}

Verdict refuse_user(Request& request, Authentication why) {
    if (why == Authentication::failed) return refuse(500);
    if (why == Authentication::denied)
        request.log(
            "auth_basic", log::Level::error,
            request.arena.join({"AH01617: user ", request.user, ": authentication failure for \"",
                                request.uri, "\": Password Mismatch"}));
    else
        request.log(
            "auth_basic", log::Level::error,
            request.arena.join({"AH01618: user ", request.user, " not found: ", request.uri}));
    return ask(request);
}

Verdict check_user_id(Request& request) {
    if (!iequals(auth_type_of(request), "basic")) return declined;
    if (!has_auth_name(request)) {
        request.log("auth_basic", log::Level::error,
                    request.arena.join({"AH01615: need AuthName: ", request.uri}));
        return refuse(500);
    }
    request.auth_type = "Basic";
    const auto given = read_credentials(request);
    if (!given) return ask(request);
    request.user = request.arena.copy(given->user);
    const auto answer = ask_providers(request, *given);
    if (answer == Authentication::granted) return ok;
    const bool authoritative = request.of<AuthBasicSettings>().authoritative.value_or(true);
    if (!authoritative && answer != Authentication::denied) return declined;
    return refuse_user(request, answer);
}

// Writes the field that a client with that name and password would have sent.
Verdict pretend(Request& request) {
    const auto& fake = request.of<AuthBasicSettings>().fake;
    if (!fake) return declined;
    const auto user = fake->user.text_or_logs(request, "auth_basic");
    const auto password = fake->password.text_or_logs(request, "auth_basic");
    request.head.fields.remove(http::FieldId::authorization);
    if (user.empty() || password.empty()) {
        request.log("auth_basic", log::Level::info,
                    request.arena.join({user.empty() ? "AH02458: AuthBasicFake: empty username"
                                                     : "AH02459: AuthBasicFake: empty password",
                                        " expression for URI '", request.uri, "', ignoring"}));
        return declined;
    }
    const auto credentials = base64(request.arena.join({user, ":", password}));
    request.head.fields.set(http::FieldId::authorization,
                            request.arena.join({"Basic ", credentials}));
    return declined;
}

std::vector<config::Directive> directives() {
    using config::edits;
    using config::override_auth_config;
    constexpr unsigned sections = config::directory | config::htaccess;
    return {
        {"AuthBasicProvider", Shape::each, sections, override_auth_config, edits<add_provider>,
         "specify the auth providers for a directory or location"},
        {"AuthBasicAuthoritative", Shape::flag, sections, override_auth_config,
         config::sets_flag<&AuthBasicSettings::authoritative>,
         "Set to 'Off' to allow access control to be passed along to lower modules if the UserID "
         "is not known to this module"},
        {"AuthBasicFake", Shape::one_or_two, sections, override_auth_config, edits<set_fake>,
         "Fake basic authentication using the given expressions for username and password, 'off' "
         "to disable. Password defaults to 'password' if missing."},
        {"AuthBasicUseDigestAlgorithm", Shape::one, sections, override_auth_config,
         edits<set_digest_algorithm>,
         "Set to 'MD5' to use the auth provider's authentication check for digest auth, using a "
         "hash of 'user:realm:pass'"},
    };
}

} // namespace

Module auth_basic_module() {
    return {
        .name = "auth_basic",
        .directives = directives(),
        .settings = {config::settings_type<AuthBasicSettings>()},
        .hooks = {.check_user_id = check_user_id, .fixups = pretend},
    };
}

} // namespace preforkd
