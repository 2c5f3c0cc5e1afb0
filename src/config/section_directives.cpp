#include "config/section_directives.h"

#include <fmt/format.h>
#include <vector>

#include "config/conditions.h"
#include "config/inclusions.h"
#include "config/macro.h"
#include "config/sections.h"

namespace preforkd::config {

std::span<const Directive> section_directives() { return scope_directives(); }

std::span<const Directive> reading_directives() {
    static const std::vector<Directive> all = [] {
        std::vector<Directive> rows;
        for (auto group : {condition_directives(), inclusion_directives(), macro_directives()})
            rows.insert(rows.end(), group.begin(), group.end());
        return rows;
    }();
    return all;
}

Error requires_arguments(const Invocation& invocation) {
    return Error{
        fmt::format("{}> directive requires additional arguments", invocation.directive.name)};
}

} // namespace preforkd::config
