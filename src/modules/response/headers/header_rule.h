// One Header or RequestHeader directive.
#pragma once

#include <optional>
#include <string>

#include "base/regex.h"
#include "modules/response/headers/header_value.h"
#include "pipeline/expression/expression.h"
#include "pipeline/request.h"

namespace preforkd::headers {

enum class Action : unsigned char {
    set,
    set_if_empty,
    append,
    merge,
    add,
    unset,
    echo,
    edit,
    edit_every,
    note,
};

struct Rule {
    Action action = Action::set;
    std::string name;                     // of the field; for `echo` the pattern
    Value value;                          // for `edit` what replaces a match
    std::optional<Regex> pattern;         // edit, echo
    std::string variable;                 // env=: only where it is set; empty for always
    bool unless = false;                  // env=!
    std::optional<Expression> condition;  // expr= behind the value
    std::optional<Expression> expression; // expr= in the place of the value
};

// Changes `fields`, whose request they belong to. `is_response` says that Content-Type is held
// apart.
void apply(const Rule& rule, Request& request, http::Fields& fields, bool is_response);

} // namespace preforkd::headers
