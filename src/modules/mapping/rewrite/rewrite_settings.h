// What the directives of mod_rewrite say, of servers and of directories.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/directive.h"
#include "modules/entries.h"
#include "modules/mapping/rewrite/map.h"
#include "modules/mapping/rewrite/rule.h"

namespace preforkd::rewrite {

// RewriteOptions. Combine with |.
enum Option : unsigned {
    inherit = 1,
    inherit_before = 2,
    inherit_down = 4,
    inherit_down_before = 8,
    ignore_inherit = 16,
    allow_no_slash = 32,
    allow_any_uri = 64,
    merge_base = 128,
    ignore_context_info = 256,
    legacy_prefix_document_root = 512,
    long_url_optimization = 1024,
};

// Conditions that wait for their rule. No section inherits them.
struct PendingConditions {
    PendingConditions() = default;
    PendingConditions(const PendingConditions&) {}
    PendingConditions& operator=(const PendingConditions&) { return *this; }
    std::vector<Condition> all;
};

// What both kinds have. An inner section's rules replace the outer's, unless it inherits.
struct RuleSettings {
    std::optional<unsigned> options;
    Entries<Rule> rules;
    PendingConditions pending;

    unsigned has(unsigned option) const { return options.value_or(0) & option; }
    void inherit_rules(const RuleSettings& outer);
};

struct ServerRewrite : RuleSettings {
    static constexpr config::Scope scope = config::Scope::server;
    void inherit_from(const ServerRewrite& outer);
    std::vector<std::shared_ptr<Map>> maps;
    const Map* find_map(std::string_view name) const;
};

struct DirectoryRewrite : RuleSettings {
    static constexpr config::Scope scope = config::Scope::directory;
    void inherit_from(const DirectoryRewrite& outer);
    std::optional<bool> on;          // also for the rules of the server, as <Location> says
    std::string directory;           // where the rules stand, with a slash at the end
    std::optional<std::string> base; // RewriteBase
};

std::vector<config::Directive> directives();

} // namespace preforkd::rewrite
