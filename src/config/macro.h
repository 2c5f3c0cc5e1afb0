// <Macro>: lines with parameters, to be used again.
#pragma once

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

std::span<const Directive> macro_directives();

} // namespace preforkd::config
