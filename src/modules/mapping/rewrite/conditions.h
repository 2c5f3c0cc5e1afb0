// Whether the RewriteConds before a rule hold.
#pragma once

#include "modules/mapping/rewrite/rule.h"
#include "modules/mapping/rewrite/trace.h"

namespace preforkd::rewrite {

// What one request's rules know of files, so that !-f and !-d of the same name ask once.
struct KnownFile {
    std::string_view path;
    bool exists = false;
    struct stat status {};
};

// `groups` are those of the last pattern that matched; `known` lives as long as the rules run.
// Fields that were read, and mattered, are added to `vary`.
bool conditions_hold(const Rule& rule, const Scope& scope, Groups& groups, KnownFile& known,
                     std::string_view& vary, const Trace& trace);

} // namespace preforkd::rewrite
