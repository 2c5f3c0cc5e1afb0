#include "modules/access/authz_core/rules.h"

#include <algorithm>

namespace preforkd {

namespace {

using Combination = AuthorizationRule::Combination;

bool is_denial(Authorization answer) {
    return answer == Authorization::denied || answer == Authorization::denied_without_user;
}

// With `all`, one that fails whoever the user is decides; one that may hold for a known user leaves
// the question open.
Authorization check_all(const AuthorizationRule& rule, Request& request) {
    auto result = Authorization::neutral;
    for (const auto& child : rule.children) {
        const auto answer = check(child, request, Combination::all);
        if (answer == Authorization::denied) return answer;
        const bool reopens = answer == Authorization::denied_without_user;
        if (reopens || result == Authorization::neutral) result = answer;
    }
    return result;
}

Authorization check_any(const AuthorizationRule& rule, Request& request) {
    auto result = Authorization::neutral;
    for (const auto& child : rule.children) {
        const auto answer = check(child, request, Combination::any);
        if (answer == Authorization::granted) return answer;
        const bool reopens = answer == Authorization::denied_without_user;
        if (reopens || result == Authorization::neutral) result = answer;
    }
    return result;
}

Authorization ask(const AuthorizationRule& rule, Request& request) {
    if (rule.requirement) return rule.requirement->check(request);
    return rule.combination == Combination::all ? check_all(rule, request)
                                                : check_any(rule, request);
}

} // namespace

std::string_view AuthorizationRule::container_name() const {
    if (combination == Combination::all) return "<RequireAll>";
    return negated ? "<RequireNone>" : "<RequireAny>";
}

bool AuthorizationRule::applies_to(std::string_view method) const {
    if (requirement) return !limit || limit->covers(method);
    return std::any_of(children.begin(), children.end(),
                       [&](const AuthorizationRule& child) { return child.applies_to(method); });
}

Authorization check(const AuthorizationRule& rule, Request& request, Combination around) {
    if (!rule.applies_to(request.head.method_name))
        return around == Combination::all ? Authorization::granted : Authorization::neutral;
    const auto answer = ask(rule, request);
    if (!rule.negated) return answer;
    if (answer == Authorization::granted) return Authorization::denied;
    return is_denial(answer) ? Authorization::neutral : answer;
}

void add_container(AuthorizationRule& rule, AuthorizationRule container) {
    if (container.negated || container.combination != rule.combination) {
        rule.children.push_back(std::move(container));
        return;
    }
    for (auto& child : container.children) rule.children.push_back(std::move(child));
}

const AuthorizationRule* find_only_negative(const AuthorizationRule& rule) {
    if (rule.requirement) return nullptr;
    bool can_grant = false;
    for (const auto& child : rule.children) {
        if (const auto* found = find_only_negative(child)) return found;
        can_grant = can_grant || !child.negated;
    }
    return can_grant ? nullptr : &rule;
}

void AuthzCoreSettings::inherit_from(const AuthzCoreSettings& outer) {
    config::inherit(forbidden_on_failure, outer.forbidden_on_failure);
    // A place that says nothing of rules keeps the outer ones, and how those meet the next.
    if (!merging && !rules) {
        rules = outer.rules;
        merging = outer.merging;
        return;
    }
    if (!merging || *merging == AuthMerging::off || !outer.rules) return;
    if (!rules) {
        rules = outer.rules;
        return;
    }
    AuthorizationRule joined;
    joined.combination = *merging == AuthMerging::all ? Combination::all : Combination::any;
    joined.children.push_back(*outer.rules);
    joined.children.push_back(std::move(*rules));
    rules = std::move(joined);
}

const Requirement* AuthzAliasSettings::find(std::string_view name) const {
    for (const auto* alias : aliases)
        if (alias->name == name) return alias->requirement.get();
    return nullptr;
}

} // namespace preforkd
