#include "os/unique_fd.h"

#include <unistd.h>

namespace preforkd {

void UniqueFd::reset(int descriptor) {
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = descriptor;
}

void forget_descriptor(int descriptor) {
    ::dup2(STDERR_FILENO, descriptor);
}

} // namespace preforkd
