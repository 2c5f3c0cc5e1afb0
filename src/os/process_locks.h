// Locks that a process shares with the children it forks. The kernel knows who holds one and frees
// it when that process ends, and none of it lies in memory that somebody could spoil.
#pragma once

#include "base/result.h"
#include "os/unique_fd.h"

namespace preforkd {

class ProcessLocks {
  public:
    static Result<ProcessLocks> create();

    // Takes lock `number` (0, 1, 2…) from all other processes. Gives up, and answers false, when
    // another one does not let go of it: meant for work that is done in microseconds.
    bool lock(int number) const;
    // The same, and waits as long as it takes.
    void wait_for_lock(int number) const;
    void unlock(int number) const;

  private:
    explicit ProcessLocks(UniqueFd file) : file_(std::move(file)) {}
    bool change(int number, short kind, int how) const;

    UniqueFd file_;
};

} // namespace preforkd
