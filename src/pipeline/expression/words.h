// The words of an expression.
#pragma once

#include <functional>
#include <vector>

#include "http/fields.h"
#include "pipeline/expression/functions.h"
#include "pipeline/expression/scope.h"

namespace preforkd::expression {

WordPointer literal(std::string text);
// $0 to $9.
WordPointer group(std::size_t number);
WordPointer concatenation(std::vector<WordPointer> parts);
// A variable that is no field of the request.
WordPointer variable(std::function<std::string_view(const Request&)> read);
// A field of the request: its name may go to Vary.
WordPointer request_field(std::string_view name);
WordPointer call(StringFunction function, WordPointer argument);

} // namespace preforkd::expression
