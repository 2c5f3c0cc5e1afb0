// ProxyPassInterpolateEnv.
#pragma once

#include <string_view>

#include "pipeline/request.h"

namespace preforkd::proxy {

// `text` with the request's variables in the place of "${NAME}", where the directive that holds the
// text `wants` that and the request's settings allow it.
std::string_view interpolated(const Request& request, std::string_view text, bool wants);

} // namespace preforkd::proxy
