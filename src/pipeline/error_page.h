// Apache's own page for a status.
#pragma once

#include <string_view>

#include "pipeline/request.h"

namespace preforkd {

inline constexpr std::string_view error_page_type = "text/html; charset=iso-8859-1";

// The whole page, in the request's arena. `second` is a status that came up while an ErrorDocument
// was tried, or 0. Reads Location from response.fields for a redirect.
std::string_view error_page(Request& request, int status, int second = 0);

// What Allow says of a resource that the server itself answers for.
std::string_view allowed_methods(const Request& request);

} // namespace preforkd
