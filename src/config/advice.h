// What an administrator may have meant by a directive that nobody knows. Apache's message names no
// mend; this is the line below it.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "config/directive.h"
#include "config/reader.h"

namespace preforkd::config {

// `name` as the table has it ("Alias", "<Directory"); `known` are the directives that are enabled,
// `modules` those that could be. Empty where nothing is near.
std::string advice_on(std::string_view name, const DirectiveTable& known,
                      std::span<const ModuleRows> modules);

} // namespace preforkd::config
