// What other modules ask of rewrite.
#pragma once

#include "pipeline/request.h"

namespace preforkd::rewrite {

// Whether rules may lead elsewhere from a path below the request's own, or refuse it.
bool may_intervene(const Request& request);

} // namespace preforkd::rewrite
