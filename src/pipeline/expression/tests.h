// The conditions of an expression.
#pragma once

#include <optional>
#include <vector>

#include "base/regex.h"
#include "pipeline/expression/functions.h"
#include "pipeline/expression/scope.h"

namespace preforkd::expression {

TestPointer constant(bool value);
TestPointer negation(TestPointer test);
TestPointer all(std::vector<TestPointer> tests);
TestPointer any(std::vector<TestPointer> tests);
TestPointer unary(UnaryOperator holds, WordPointer word);
TestPointer binary(BinaryOperator holds, WordPointer left, WordPointer right);
TestPointer membership(WordPointer word, std::vector<WordPointer> list);
// In what a module's function lists.
TestPointer membership(WordPointer word, ListFunction list, WordPointer argument);
TestPointer match(WordPointer word, Regex regex);

// ==, !=, <, <=, >, >= and -eq, -ne, -lt, -le, -gt, -ge, the latter also without their hyphen.
// nullptr for anything else.
enum class Comparisons : unsigned char {
    usual,     // signs compare texts, the others numbers
    by_length, // all of them texts, of which the longer one is the greater
};
BinaryOperator find_comparison(std::string_view name, Comparisons comparisons);

} // namespace preforkd::expression
