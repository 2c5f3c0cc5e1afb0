// What mod_mime makes of a file's name, for those who choose among files.
#pragma once

#include <string_view>

#include "pipeline/request.h"

namespace preforkd {

// Whether the pieces of a file's name say something of its content, and those that say nothing
// occur in `asked`, in their order (MultiviewsMatch): asked for "page", "page.html.en" is claimed
// and "page.html.bak" is not. `found` was looked up.
bool is_claimed(const Request& found, std::string_view asked);

} // namespace preforkd
