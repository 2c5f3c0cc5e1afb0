// The files that a path with wildcards or a folder stands for (Include).
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace preforkd::config {

// In the order in which they are read: sorted by name, folder after folder. `path` is absolute.
// Where nothing is there it fails, unless that is `optional`.
Result<std::vector<std::string>> find_included_files(const std::string& path, bool optional);

} // namespace preforkd::config
