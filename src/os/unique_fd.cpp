#include "os/unique_fd.h"

#include <fcntl.h>
#include <unistd.h>

namespace preforkd {

void UniqueFd::reset(int descriptor) {
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = descriptor;
}

UniqueFd duplicate_descriptor(int descriptor) {
    return UniqueFd(::fcntl(descriptor, F_DUPFD_CLOEXEC, 0));
}

void keep_over_exec(int descriptor, bool kept) {
    ::fcntl(descriptor, F_SETFD, kept ? 0 : FD_CLOEXEC);
}

void forget_descriptor(int descriptor) { ::dup2(STDERR_FILENO, descriptor); }

} // namespace preforkd
