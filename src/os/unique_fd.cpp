#include "os/unique_fd.h"

#include <unistd.h>

namespace preforkd {

void UniqueFd::reset(int descriptor) {
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = descriptor;
}

} // namespace preforkd
