// From a syntax tree to settings: where each directive may stand, what it takes, then what it does.
#pragma once

#include <span>

#include "config/directive.h"

namespace preforkd::config {

// Fails in Apache's words where the directive may not stand.
Status check_context(const Invocation& invocation);

// Checks the arguments and runs the directive.
Status invoke(Invocation& invocation);

// Applies directives of one level. On failure `outer.failed_at` says where.
Status apply_nodes(const Nodes& nodes, const Invocation& outer, const Content& content,
                   const Directive* enclosing);

} // namespace preforkd::config
