#include "os/processors.h"

#include <algorithm>
#include <unistd.h>

namespace preforkd {

int processors_online() { return static_cast<int>(std::max(1L, ::sysconf(_SC_NPROCESSORS_ONLN))); }

} // namespace preforkd
