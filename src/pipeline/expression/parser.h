// From the text of an expression to its nodes.
#pragma once

#include <string_view>

#include "base/result.h"
#include "config/configuration.h"
#include "pipeline/expression/scope.h"
#include "pipeline/expression/tests.h"

namespace preforkd::expression {

// Each fails with what does not fit. Where %{REMOTE_USER} occurs, `asks_for_user` becomes true.
Result<TestPointer> parse_condition(std::string_view text,
                                    const config::Configuration& configuration,
                                    Comparisons comparisons, bool& asks_for_user);
Result<WordPointer> parse_text(std::string_view text, const config::Configuration& configuration,
                               bool& asks_for_user);

} // namespace preforkd::expression
