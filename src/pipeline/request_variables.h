// Variables that tell of the request and of the time: %{REQUEST_URI}, %{TIME_YEAR}… What may stand
// in which directive differs a little, as in Apache.
#pragma once

#include <span>
#include <string_view>

#include "pipeline/request.h"

namespace preforkd {

// A variable whose name says all. What it reads lives as long as the request, or longer; "" where
// there is nothing to say.
struct NamedVariable {
    std::string_view name; // in capitals
    std::string_view (*read)(const Request&);
};

// Known wherever variables are. Sorted by name.
std::span<const NamedVariable> request_variables();
// Known beside them to expressions and to mod_rewrite.
std::span<const NamedVariable> mapping_variables();

// nullptr for a name that is not among them, in whatever case its letters are.
const NamedVariable* find_named(std::span<const NamedVariable> variables, std::string_view name);

} // namespace preforkd
