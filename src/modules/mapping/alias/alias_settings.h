// What Alias, ScriptAlias and Redirect with their like say.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/regex.h"
#include "config/directive.h"
#include "modules/entries.h"
#include "pipeline/expression/expression.h"

namespace preforkd {

constexpr bool is_redirect_status(int status) { return status >= 300 && status < 400; }

// One line: paths below `path` (or that match `regex`) stand for `target`.
struct AliasEntry {
    std::string directive;
    std::string path;
    std::optional<Regex> regex;
    std::string target; // a file name for an alias, a URL for a redirect
    int status = 0;     // of a redirect
    bool is_script = false;
};

// The length of the part of `uri` that `path` covers, 0 when it does not. A slash stands for any
// run of slashes, and a path ends where a segment of the URI ends.
std::size_t covered_length(std::string_view uri, std::string_view path);

struct AliasServerSettings {
    static constexpr config::Scope scope = config::Scope::server;
    void inherit_from(const AliasServerSettings& outer) {
        aliases.append(outer.aliases);
        redirects.append(outer.redirects);
    }
    Entries<AliasEntry> aliases;
    Entries<AliasEntry> redirects;
};

struct AliasSettings {
    static constexpr config::Scope scope = config::Scope::directory;
    void inherit_from(const AliasSettings& outer);

    Entries<AliasEntry> redirects;

    // The forms without a path, in a section.
    struct LocationAlias {
        Expression target;
        std::string location; // the section's path
        bool is_script = false;
    };
    struct LocationRedirect {
        int status = 302;
        std::optional<Expression> target; // none where the status says all
    };
    std::optional<LocationAlias> alias;
    std::optional<LocationRedirect> redirect;
    std::optional<bool> preserves_path;  // AliasPreservePath
    std::optional<bool> may_be_relative; // RedirectRelative
};

std::vector<config::Directive> alias_directives();

} // namespace preforkd
