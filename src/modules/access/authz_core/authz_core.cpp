// authz_core: who may, as Require and the containers around it say.
#include <fmt/format.h>

#include "base/text.h"
#include "config/configuration.h"
#include "config/directive.h"
#include "config/words.h"
#include "modules/access/aliased_settings.h"
#include "modules/access/authentication.h"
#include "modules/access/authz_core/rules.h"
#include "modules/modules.h"
#include "pipeline/request.h"

namespace preforkd {

using config::Arguments;
using config::Invocation;
using config::Shape;

namespace {

using Combination = AuthorizationRule::Combination;

const AuthzAliasSettings& aliases_of(const config::Configuration& configuration) {
    static const AuthzAliasSettings none;
    const auto* said = configuration.said_by_main_server().find<AuthzAliasSettings>();
    return said ? *said : none;
}

// The requirement that words describe. A made one is kept by `kept`.
Result<const Requirement*> requirement_for(const config::Configuration& configuration,
                                           const std::string& name, std::string_view text,
                                           Entries<std::unique_ptr<Requirement>>& kept) {
    if (const auto* provider = find_authorization_provider(configuration, name)) {
        auto made = provider->make({text, configuration});
        if (!made) return made.error();
        return kept.add(std::move(*made)).get();
    }
    if (const auto* alias = aliases_of(configuration).find(name)) return alias;
    return Error{"Unknown Authz provider: " + name};
}

Error has_no_effect(std::string_view what, const AuthorizationRule& around) {
    return Error{
        fmt::format("{} directive has no effect in {} directive", what, around.container_name())};
}

Status require(AuthzCoreSettings& settings, Arguments arguments, Invocation& invocation) {
    std::string_view rest = arguments[0];
    std::string name = config::next_word(rest);
    AuthorizationRule rule;
    rule.negated = iequals(name, "not");
    if (rule.negated) name = config::next_word(rest);

    const auto requirement =
        requirement_for(invocation.configuration, name, rest, settings.requirements);
    if (!requirement) return requirement.error();
    rule.requirement = *requirement;
    if (invocation.limit) rule.limit = *invocation.limit;

    if (!settings.rules) settings.rules.emplace();
    if (rule.negated && settings.rules->combination == Combination::any)
        return has_no_effect("negative Require", *settings.rules);
    settings.rules->children.push_back(std::move(rule));
    return {};
}

// In a container stands what AllowOverride AuthConfig would let an .htaccess file say.
Status apply_container_content(const Invocation& invocation) {
    Invocation inner = invocation;
    inner.in_htaccess = true;
    inner.overrides = config::override_auth_config;
    inner.allowed_names = {};
    return config::apply_content(inner);
}

Status require_container(AuthzCoreSettings& settings, const Invocation& invocation,
                         AuthorizationRule container) {
    if (!trim(invocation.node.arguments).empty())
        return Error{fmt::format("{}> directive doesn't take additional arguments",
                                 invocation.directive.name)};
    auto around = std::exchange(settings.rules, std::move(container));
    const Status applied = apply_container_content(invocation);
    container = std::move(*settings.rules);
    settings.rules = std::move(around);
    if (!applied) return applied;

    if (container.children.empty())
        return Error{fmt::format("{} directive contains no authorization directives",
                                 container.container_name())};
    if (!settings.rules) settings.rules.emplace();
    if (container.negated && settings.rules->combination == Combination::any)
        return has_no_effect(container.container_name(), *settings.rules);
    add_container(*settings.rules, std::move(container));
    return {};
}

template <Combination Combined, bool Negated>
Status container(AuthzCoreSettings& settings, Arguments, Invocation& invocation) {
    AuthorizationRule made;
    made.combination = Combined;
    made.negated = Negated;
    return require_container(settings, invocation, std::move(made));
}

Status set_merging(AuthzCoreSettings& settings, Arguments arguments) {
    const std::string& word = arguments[0];
    if (iequals(word, "off")) settings.merging = AuthMerging::off;
    else if (iequals(word, "and")) settings.merging = AuthMerging::all;
    else if (iequals(word, "or")) settings.merging = AuthMerging::any;
    else return Error{"AuthMerging must be one of: Off | And | Or"};
    return {};
}

class AliasedRequirement final : public Requirement {
  public:
    AliasedRequirement(config::Settings own, std::unique_ptr<Requirement> requirement)
        : own_(std::move(own)), requirement_(std::move(requirement)) {}
    Authorization check(Request& request) const override {
        if (own_.empty()) return requirement_->check(request);
        const AliasedSettings aliased(request, own_);
        return requirement_->check(request);
    }

  private:
    config::Settings own_;
    std::unique_ptr<Requirement> requirement_;
};

Status add_alias(AuthzAliasSettings& settings, Arguments arguments, Invocation& invocation) {
    const auto words = config::split_words(arguments[0]);
    if (words.size() < 2)
        return Error{"<AuthzProviderAlias> directive requires additional arguments"};
    const std::string parameters = words.size() > 2 ? words[2] : "";
    if (words.size() > 3)
        invocation.warn(fmt::format(
            "AH10142: When several arguments ({} {}...) are passed to a <AuthzProviderAlias "
            "directive, they must be enclosed in quotation marks.  Otherwise, only the first one "
            "is taken into account",
            words[2], words[3]));
    config::Settings own;
    if (auto applied = apply_alias_content(invocation, own); !applied) return applied;

    const auto* provider = find_authorization_provider(invocation.configuration, words[0]);
    if (!provider) return Error{"Unknown Authz provider: " + words[0]};
    auto made = provider->make({parameters, invocation.configuration});
    if (!made)
        return Error{fmt::format("Can't parse 'Require {} {}': {}", words[0], parameters,
                                 made.error().what)};
    settings.aliases.add(
        {words[1], std::make_unique<AliasedRequirement>(std::move(own), std::move(*made))});
    return {};
}

Status check_sections(const std::vector<std::unique_ptr<config::Section>>& sections) {
    for (const auto& section : sections) {
        const auto* settings = section->settings.find<AuthzCoreSettings>();
        const auto* found =
            settings && settings->rules ? find_only_negative(*settings->rules) : nullptr;
        if (found)
            return Error{
                fmt::format("AH01624: {} directive contains only negative authorization directives",
                            found->container_name())};
        for (const auto* inside : {&section->files, &section->ifs})
            if (auto checked = check_sections(*inside); !checked) return checked;
    }
    return {};
}

Status check_config(const config::Configuration& configuration) {
    for (const auto& server : configuration.servers)
        for (const auto* sections : {&server->directories, &server->proxies, &server->files,
                                     &server->locations, &server->ifs})
            if (auto checked = check_sections(*sections); !checked) return checked;
    return {};
}

void log_denial(const Request& request) {
    const bool has_file = !request.filename.empty();
    request.log("authz_core", log::Level::error,
                request.arena.join(
                    {"AH01630: client denied by server configuration: ", has_file ? "" : "uri ",
                     has_file ? request.filename : request.uri}));
}

// Whoever turns the outer rules off, and would have a user named, has forgotten to say what for.
Verdict check_without_rules(Request& request, const AuthzCoreSettings& settings) {
    if (auth_type_of(request).empty()) return ok;
    const bool turns_off = settings.merging == AuthMerging::off;
    request.log("authz_core", turns_off ? log::Level::error : log::Level::warn,
                "AH01627: AuthType configured with no corresponding authorization directives");
    return turns_off ? refuse(500) : ok;
}

// Without knowing the user: grants, denies, or asks for one.
Verdict check_access(Request& request) {
    const auto& settings = request.of<AuthzCoreSettings>();
    if (!settings.rules) return check_without_rules(request, settings);
    switch (check(*settings.rules, request, Combination::all)) {
    case Authorization::granted: return ok;
    case Authorization::denied_without_user: request.needs_user = true; return ok;
    default: log_denial(request); return refuse(403);
    }
}

Verdict ask_again(Request& request) {
    challenge(request);
    return refuse(401);
}

Verdict refuse_user(Request& request) {
    if (auth_type_of(request).empty()) {
        log_denial(request);
        return refuse(403);
    }
    request.log("authz_core", log::Level::error,
                request.arena.join({"AH01631: user ", request.user,
                                    ": authorization failure for \"", request.uri, "\": "}));
    if (request.of<AuthzCoreSettings>().forbidden_on_failure.value_or(false)) return refuse(403);
    return ask_again(request);
}

Verdict check_user(Request& request) {
    const auto& rules = request.of<AuthzCoreSettings>().rules;
    if (!rules) return ok;
    switch (check(*rules, request, Combination::all)) {
    case Authorization::granted: return ok;
    case Authorization::denied_without_user: break;
    default: return refuse_user(request);
    }
    request.log("authz_core", log::Level::error,
                request.arena.join(
                    {"AH01628: authorization failure (no authenticated user): ", request.uri}));
    return request.has_user() ? ask_again(request) : refuse(401);
}

std::vector<config::Directive> directives() {
    using config::edits;
    using config::override_auth_config;
    constexpr unsigned sections = config::directory | config::htaccess;
    return {
        {"<AuthzProviderAlias", Shape::raw, config::server_config, 0, edits<add_alias>,
         "container for grouping an authorization provider's directives under a provider alias"},
        {"Require", Shape::raw, sections, override_auth_config, edits<require>,
         "specifies authorization directives which one must pass (or not) for a request to "
         "suceeed"},
        {"<RequireAll", Shape::raw, sections, override_auth_config,
         edits<container<Combination::all, false>>,
         "container for grouping authorization directives of which none must fail and at least "
         "one must pass for a request to succeed",
         false, true},
        {"<RequireAny", Shape::raw, sections, override_auth_config,
         edits<container<Combination::any, false>>,
         "container for grouping authorization directives of which one must pass for a request to "
         "succeed",
         false, true},
        {"<RequireNone", Shape::raw, sections, override_auth_config,
         edits<container<Combination::any, true>>,
         "container for grouping authorization directives of which none must pass for a request "
         "to succeed",
         false, true},
        {"AuthMerging", Shape::one, sections, override_auth_config, edits<set_merging>,
         "controls how a <Directory>, <Location>, or similar directive's authorization directives "
         "are combined with those of its predecessor"},
        {"AuthzSendForbiddenOnFailure", Shape::flag, sections, override_auth_config,
         config::sets_flag<&AuthzCoreSettings::forbidden_on_failure>,
         "Controls if an authorization failure should result in a '403 FORBIDDEN' response instead "
         "of the HTTP-conforming '401 UNAUTHORIZED'"},
    };
}

} // namespace

Module authz_core_module() {
    return {
        .name = "authz_core",
        .directives = directives(),
        .settings = {config::settings_type<AuthzCoreSettings>(),
                     config::settings_type<AuthzAliasSettings>()},
        .hooks = {.check_config = check_config,
                  .access_checker = check_access,
                  .auth_checker = check_user},
    };
}

} // namespace preforkd
