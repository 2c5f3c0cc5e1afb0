// From the text of an expression to its nodes.
#pragma once

#include <string_view>

#include "base/result.h"
#include "config/configuration.h"
#include "pipeline/expression/scope.h"
#include "pipeline/expression/tests.h"

namespace preforkd::expression {

// Which functions and operators count: all, or those alone that do not look into files (Apache:
// restricted).
enum class Names : unsigned char { all, harmless };

// Each fails with what does not fit. Where %{REMOTE_USER} occurs, `asks_for_user` becomes true.
Result<TestPointer> parse_condition(std::string_view text,
                                    const config::Configuration& configuration,
                                    Comparisons comparisons, bool& asks_for_user,
                                    Names names = Names::all);
Result<WordPointer> parse_text(std::string_view text, const config::Configuration& configuration,
                               bool& asks_for_user);

} // namespace preforkd::expression
