// What modules add to the names in expressions.
#pragma once

#include "pipeline/module.h"
#include "pipeline/phases.h"

namespace preforkd::expression {

inline const std::vector<Module>* offering_modules = nullptr; // offer_names_of

// What the first enabled module says that has one, or nothing.
template <auto Member>
auto find_in_modules(std::string_view name, const config::Configuration& configuration)
    -> decltype((static_cast<const Module*>(nullptr)->*Member)(name)) {
    if (!offering_modules) return nullptr;
    for (const Module& module : *offering_modules)
        if (module.*Member && is_enabled(module, configuration))
            if (auto found = (module.*Member)(name)) return found;
    return nullptr;
}

} // namespace preforkd::expression
