// What the names in an expression stand for: operators, functions and variables, those of the
// server and those that modules add (Module::expression_names).
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/configuration.h"

namespace preforkd {

class Request;
struct Module;

namespace expression {

struct Scope;

using StringFunction = std::string_view (*)(std::string_view argument, Scope&);
using ListFunction = std::vector<std::string> (*)(std::string_view argument, const Request&);
using UnaryOperator = bool (*)(std::string_view word, Scope&);
using BinaryOperator = bool (*)(std::string_view left, std::string_view right, Scope&);
using VariableReader = std::function<std::string_view(const Request&)>;

// Modules whose names count where they are enabled. Said once a process, before any configuration
// is read; `modules` outlives it.
void offer_names_of(const std::vector<Module>& modules);

// Each answers nullptr, or nothing, for a name that there is not.
UnaryOperator find_unary_operator(char name);               // -f: 'f'
BinaryOperator find_binary_operator(std::string_view name); // -ipmatch: "ipmatch", any letter case
// Whether one tells what files there are, or what is in them.
bool looks_into_files(UnaryOperator holds);
bool looks_into_files(StringFunction function);
// Whether an operator takes a network: one that is no network is a mistake.
bool takes_network(UnaryOperator holds);
bool takes_network(BinaryOperator holds);
StringFunction find_string_function(std::string_view name,
                                    const config::Configuration& configuration); // any letter case

ListFunction find_list_function(std::string_view name, const config::Configuration& configuration);
VariableReader find_variable(std::string_view name, const config::Configuration& configuration);
// The request field that a variable such as HTTP_USER_AGENT stands for; empty for none.
std::string_view field_of_variable(std::string_view name);

} // namespace expression

} // namespace preforkd
