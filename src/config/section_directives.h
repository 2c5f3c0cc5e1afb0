// The directives that the reader itself obeys: sections and their like, and those that change what
// is read (Include, Define, LoadModule, Macro…). Modules list them as theirs.
#pragma once

#include <span>

#include "config/directive.h"

namespace preforkd::config {

std::span<const Directive> section_directives();
std::span<const Directive> reading_directives();

} // namespace preforkd::config
