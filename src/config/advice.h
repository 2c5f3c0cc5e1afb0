// What an administrator may have meant, where Apache's message names no mend: the line below it.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "config/directive.h"
#include "config/reader.h"

namespace preforkd::config {

// On a directive that nobody knows. `name` as the table has it ("Alias", "<Directory"); `known` are
// the directives that are enabled,
// `modules` those that could be. Empty where nothing is near.
std::string advice_on(std::string_view name, const DirectiveTable& known,
                      std::span<const ModuleRows> modules);

// On a directive that is known and was used wrongly: what it wants. Empty where the error names it,
// or where there is nothing more to say.
std::string advice_on_use(const Directive& directive, std::string_view error);

} // namespace preforkd::config
