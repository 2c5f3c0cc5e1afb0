// <IfModule>, <IfDefine> and their like: content that is read or skipped.
#pragma once

#include <span>

#include "config/directive.h"

namespace preforkd::config {

std::span<const Directive> condition_directives();

} // namespace preforkd::config
