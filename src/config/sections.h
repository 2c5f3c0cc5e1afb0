// The sections that say where directives count: <VirtualHost>, <Directory>, <Files>, <Location>,
// <Limit> and their Match forms.
#pragma once

#include <span>

#include "config/directive.h"

namespace preforkd::config {

std::span<const Directive> scope_directives();

} // namespace preforkd::config
