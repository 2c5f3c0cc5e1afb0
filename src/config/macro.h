// <Macro>: lines with parameters, to be used again.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "config/directive.h"

namespace preforkd::config {

struct Macro {
    std::string place; // 'defined on line 3 of "/etc/x.conf"'
    std::vector<std::string> parameters;
    std::vector<std::string> lines;
};

// By name; nothing for one that was taken back.
struct MacroTable {
    std::map<std::string, std::optional<Macro>> all;
};

// What MacroIgnoreEmptyArgs and MacroIgnoreBadNesting leave.
struct MacroWarnings {
    bool of_empty_values = true;
    bool of_nesting = true;
};

std::span<const Directive> macro_directives();

} // namespace preforkd::config
