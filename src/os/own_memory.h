// How much memory this process has for itself.
#pragma once

#include <cstddef>

#include "base/result.h"
#include "os/unique_fd.h"

namespace preforkd {

// Can be asked often, and where the process sees no /proc any more.
class OwnMemory {
  public:
    static Result<OwnMemory> open();

    // Bytes in memory that are no file's and not shared memory: heap, stacks, and pages from before
    // the fork, written to since or not. 0 when the kernel does not say.
    std::size_t bytes() const;

  private:
    explicit OwnMemory(UniqueFd numbers) : numbers_(std::move(numbers)) {}
    UniqueFd numbers_;
};

} // namespace preforkd
