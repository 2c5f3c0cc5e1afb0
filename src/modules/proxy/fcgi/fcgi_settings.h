// What ProxyFCGIBackendType and ProxyFCGISetEnvIf say.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/directive.h"
#include "modules/entries.h"
#include "pipeline/expression/expression.h"

namespace preforkd::fcgi {

struct Settings {
    static constexpr config::Scope scope = config::Scope::directory;
    void inherit_from(const Settings& outer) {
        config::inherit(is_generic, outer.is_generic);
        changes.prepend(outer.changes);
    }

    // A variable that is set, or not told, where a condition holds.
    struct Change {
        Expression condition;
        std::string name;
        std::optional<Expression> value; // none: it is not told
    };
    Entries<Change> changes;
    std::optional<bool> is_generic; // no php-fpm: SCRIPT_FILENAME is a plain path
};

std::vector<config::Directive> directives();

} // namespace preforkd::fcgi
