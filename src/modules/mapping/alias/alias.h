// What other modules ask of alias.
#pragma once

#include <string_view>

#include "pipeline/request.h"

namespace preforkd {

// Whether an alias or redirect may map `uri`, which lies below the request's own path, to another
// place than the name with the same end below the request's file name.
bool maps_elsewhere(const Request& request, std::string_view uri);

} // namespace preforkd
