// A file without a name, below /tmp (or TMPDIR), that goes with its last descriptor.
#pragma once

#include "base/result.h"
#include "os/unique_fd.h"

namespace preforkd {

// For reading and writing, close-on-exec.
Result<UniqueFd> make_temporary_file();

} // namespace preforkd
