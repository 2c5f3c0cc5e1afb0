// The directives that the reader itself obeys: sections and their like, and those that change what
// is read (Include, Define, LoadModule, Macro…). Modules list them as theirs.
#pragma once

#include <span>

#include "config/directive.h"

namespace preforkd::config {

std::span<const Directive> section_directives();
std::span<const Directive> reading_directives();

// Of a section that names nothing, in Apache's words.
Error requires_arguments(const Invocation& invocation);

} // namespace preforkd::config
