// Which filters the configuration wants for a response; asked by the modules that bring filters.
#pragma once

#include <string_view>

#include "pipeline/request.h"

namespace preforkd {

// Whether AddOutputFilterByType names `filter` (in lower case) for the type of the response. As in
// Apache the server's own error pages are never filtered, and an ErrorDocument is only where the
// variable filter-errordocs is set.
bool wants_filter(const Request& request, std::string_view filter);

} // namespace preforkd
