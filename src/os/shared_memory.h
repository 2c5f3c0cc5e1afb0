// Memory that a process shares with the children it forks afterwards.
#pragma once

#include <cstddef>

#include "base/result.h"

namespace preforkd {

// Zeroed, without a name in the file system, so that nothing is left behind by a crash.
class SharedMemory {
  public:
    static Result<SharedMemory> create(std::size_t size);
    SharedMemory() = default;
    SharedMemory(SharedMemory&& other) noexcept;
    SharedMemory& operator=(SharedMemory&& other) noexcept;
    ~SharedMemory();

    void* address() const { return address_; }
    std::size_t size() const { return size_; }

  private:
    void* address_ = nullptr;
    std::size_t size_ = 0;
};

} // namespace preforkd
