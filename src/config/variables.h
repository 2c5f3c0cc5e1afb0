// ${VARIABLE} in configuration text: from Define, or from the environment.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/configuration.h"

namespace preforkd::config {

// `undefined` receives the names that have no value; they stay in the text as they are. A name with
// a colon is not a variable (mod_rewrite's ${map:key}).
std::string replace_variables(std::string_view text, const Configuration& configuration,
                              std::vector<std::string>& undefined);

} // namespace preforkd::config
