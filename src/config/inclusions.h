// Include, Define and LoadModule: what else is read, and how.
#pragma once

#include <span>

#include "config/directive.h"

namespace preforkd::config {

std::span<const Directive> inclusion_directives();

} // namespace preforkd::config
