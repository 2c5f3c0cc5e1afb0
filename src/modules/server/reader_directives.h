// Which of the directives that config/ obeys by itself are listed under which module.
#pragma once

#include <string_view>
#include <vector>

#include "config/directive.h"

namespace preforkd {

// `module` without "mod_": core, so, macro or version.
std::vector<config::Directive> reader_directives_of(std::string_view module);

} // namespace preforkd
