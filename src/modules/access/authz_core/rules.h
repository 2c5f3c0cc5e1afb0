// The rules of one place: what Require and its containers say, as a tree, and how it is answered.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/directive.h"
#include "config/settings.h"
#include "modules/access/authorization.h"
#include "modules/entries.h"

namespace preforkd {

// A leaf asks its requirement; any other rule combines its children. A value, so that merged rules
// need nothing of those they came from but the requirements, which live with the configuration.
struct AuthorizationRule {
    enum class Combination : unsigned char { any, all };
    Combination combination = Combination::any;
    bool negated = false;
    const Requirement* requirement = nullptr;
    std::optional<config::MethodLimit> limit; // the <Limit> around a leaf
    std::vector<AuthorizationRule> children;

    // "<RequireAll>", as messages call a container.
    std::string_view container_name() const;
    bool applies_to(std::string_view method) const;
};

// The answer inside a rule that combines by `around`. A requirement that is turned round can deny,
// but never grant: what was denied is neutral then.
Authorization check(const AuthorizationRule& rule, Request& request,
                    AuthorizationRule::Combination around);

// Adds a container to the rule it stands in: one that combines in the same way dissolves.
void add_container(AuthorizationRule& rule, AuthorizationRule container);

// The first container in the tree whose rules could only ever deny, or nullptr.
const AuthorizationRule* find_only_negative(const AuthorizationRule& rule);

enum class AuthMerging : unsigned char { off, all, any };

struct AuthzCoreSettings {
    static constexpr config::Scope scope = config::Scope::directory;
    void inherit_from(const AuthzCoreSettings& outer);

    std::optional<AuthMerging> merging; // of these rules with the outer ones
    std::optional<bool> forbidden_on_failure;
    std::optional<AuthorizationRule> rules;
    Entries<std::unique_ptr<Requirement>> requirements; // what the rules ask
};

// <AuthzProviderAlias>: requirements under names of their own. Only the main server has them.
struct AuthzAliasSettings {
    static constexpr config::Scope scope = config::Scope::server;
    void inherit_from(const AuthzAliasSettings&) {}

    struct Alias {
        std::string name;
        std::unique_ptr<Requirement> requirement;
    };
    Entries<Alias> aliases;
    const Requirement* find(std::string_view name) const;
};

} // namespace preforkd
