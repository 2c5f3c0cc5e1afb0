// What others need to know of DirectoryIndex.
#pragma once

#include <string>

#include "pipeline/request.h"

namespace preforkd {

// The names that were looked for in a directory, joined with commas; "" when it is disabled.
std::string index_names_of(const Request& request);

} // namespace preforkd
