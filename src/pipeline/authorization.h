// Whether the client may have what it asks for: the order of the access phases.
#pragma once

#include "pipeline/phases.h"
#include "pipeline/request.h"

namespace preforkd {

Verdict authorize(Request& request, const Phases& phases);

} // namespace preforkd
