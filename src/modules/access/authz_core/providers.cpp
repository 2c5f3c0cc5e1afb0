// The words after Require that need no other module (all, env, method), and where the words of the
// other modules are found.
#include <algorithm>
#include <array>

#include "base/text.h"
#include "modules/access/authorization.h"
#include "pipeline/expression/expression.h"

namespace preforkd {

namespace {

using Made = Result<std::unique_ptr<Requirement>>;

class Everybody final : public Requirement {
  public:
    explicit Everybody(Authorization answer) : answer_(answer) {}
    Authorization check(Request&) const override { return answer_; }

  private:
    Authorization answer_;
};

// Takes the rest as it stands: quotes are part of it.
Made make_all(const RequirementLine& line) {
    const bool granted = iequals(line.text, "granted");
    if (!granted && !iequals(line.text, "denied"))
        return Error{"Argument for 'Require all' must be 'granted' or 'denied'"};
    return std::unique_ptr<Requirement>(
        std::make_unique<Everybody>(granted ? Authorization::granted : Authorization::denied));
}

Authorization check_env(const Request& request, RequirementWords names) {
    for (const auto& name : names)
        if (request.find_variable(name)) return Authorization::granted;
    return Authorization::denied;
}

// What Apache knows by itself, and so takes in a configuration.
constexpr std::array<std::string_view, 27> known_methods{"GET",
                                                         "HEAD",
                                                         "PUT",
                                                         "POST",
                                                         "DELETE",
                                                         "CONNECT",
                                                         "OPTIONS",
                                                         "TRACE",
                                                         "PATCH",
                                                         "PROPFIND",
                                                         "PROPPATCH",
                                                         "MKCOL",
                                                         "COPY",
                                                         "MOVE",
                                                         "LOCK",
                                                         "UNLOCK",
                                                         "VERSION-CONTROL",
                                                         "CHECKOUT",
                                                         "UNCHECKOUT",
                                                         "CHECKIN",
                                                         "UPDATE",
                                                         "LABEL",
                                                         "REPORT",
                                                         "MKWORKSPACE",
                                                         "MKACTIVITY",
                                                         "BASELINE-CONTROL",
                                                         "MERGE"};

std::string_view as_limited(std::string_view method) { return method == "HEAD" ? "GET" : method; }

Authorization check_method(const Request& request, RequirementWords methods) {
    const auto asked = as_limited(request.head.method_name);
    for (const auto& method : methods)
        if (as_limited(method) == asked) return Authorization::granted;
    return Authorization::denied;
}

Made make_method(const RequirementLine& line) {
    for (const auto& word : line.words)
        if (std::find(known_methods.begin(), known_methods.end(), word) == known_methods.end())
            return Error{"Invalid Method '" + word + "'"};
    return requirement_of<check_method>(line);
}

class Condition final : public Requirement {
  public:
    explicit Condition(Expression expression) : expression_(std::move(expression)) {}
    Authorization check(Request& request) const override {
        if (!request.has_user() && expression_.asks_for_user())
            return Authorization::denied_without_user;
        return expression_.holds_or_logs(request, "authz_core") ? Authorization::granted
                                                                : Authorization::denied;
    }

  private:
    Expression expression_;
};

// An expression in quotes is one word; else the rest as it stands.
Made make_expr(const RequirementLine& line) {
    const std::string_view text = trim(line.text);
    const bool quoted = text.starts_with('"') || text.starts_with('\'');
    const bool is_word = quoted && line.words.size() == 1;
    auto expression =
        Expression::condition(is_word ? std::string_view(line.words[0]) : text, line.configuration);
    if (!expression)
        return Error{"Cannot parse expression in require line: " + expression.error().what};
    return std::unique_ptr<Requirement>(std::make_unique<Condition>(std::move(*expression)));
}

const AuthorizationProvider* find_among(std::span<const AuthorizationProvider> providers,
                                        const config::Configuration& configuration,
                                        std::string_view name) {
    for (const auto& provider : providers)
        if (provider.name == name)
            return configuration.has_module(provider.module_identifier) ? &provider : nullptr;
    return nullptr;
}

} // namespace

std::span<const AuthorizationProvider> authz_core_providers() {
    constexpr std::string_view identifier = "authz_core_module";
    static constexpr std::array providers{
        AuthorizationProvider{"all", make_all, identifier},
        AuthorizationProvider{"env", requirement_of<check_env>, identifier},
        AuthorizationProvider{"method", make_method, identifier},
        AuthorizationProvider{"expr", make_expr, identifier},
    };
    return providers;
}

const AuthorizationProvider* find_authorization_provider(const config::Configuration& configuration,
                                                         std::string_view name) {
    for (const auto& providers :
         {authz_core_providers(), authz_groupfile_providers(), authz_host_providers(),
          authz_owner_providers(), authz_user_providers(), ssl_authorization_providers()})
        if (const auto* found = find_among(providers, configuration, name)) return found;
    return nullptr;
}

} // namespace preforkd
