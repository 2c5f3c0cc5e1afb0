#include "os/process_locks.h"

#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <thread>

#include "os/system_error.h"

namespace preforkd {

namespace {

// A holder works for microseconds, unless it has lost the processor: then it gets some
// milliseconds to go on.
constexpr int quick_attempts = 100, slow_attempts = 100;
constexpr std::chrono::microseconds between_slow_attempts(100);

} // namespace

Result<ProcessLocks> ProcessLocks::create() {
    UniqueFd file(::memfd_create("locks", MFD_CLOEXEC));
    if (!file) return system_error("open", "a file for locks");
    return ProcessLocks(std::move(file));
}

bool ProcessLocks::lock(int number) const {
    for (int attempt = 0; attempt < quick_attempts + slow_attempts; ++attempt) {
        if (change(number, F_WRLCK, F_SETLK)) return true;
        if (attempt < quick_attempts) ::sched_yield();
        else std::this_thread::sleep_for(between_slow_attempts);
    }
    return false;
}

void ProcessLocks::wait_for_lock(int number) const {
    while (!change(number, F_WRLCK, F_SETLKW) && errno == EINTR) {
    }
}

void ProcessLocks::unlock(int number) const { change(number, F_UNLCK, F_SETLK); }

// A lock on one byte of the file, which need not be there.
bool ProcessLocks::change(int number, short kind, int how) const {
    struct flock byte {};
    byte.l_type = kind;
    byte.l_whence = SEEK_SET;
    byte.l_start = number;
    byte.l_len = 1;
    return ::fcntl(file_.get(), how, &byte) == 0;
}

} // namespace preforkd
