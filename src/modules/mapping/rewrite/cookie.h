// [CO=…]: cookies that rules set.
#pragma once

#include <string_view>

#include "modules/mapping/rewrite/trace.h"

namespace preforkd::rewrite {

// `description`: name:value:domain:minutes:path:secure:httponly:samesite, or with ; between and in
// front. A cookie whose name was set before stays as it is.
void set_cookie(Request& request, std::string_view description, const Trace& trace);

} // namespace preforkd::rewrite
