#include "os/shared_memory.h"

#include <sys/mman.h>
#include <utility>

#include "os/system_error.h"

namespace preforkd {

Result<SharedMemory> SharedMemory::create(std::size_t size) {
    void* place = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (place == MAP_FAILED) return system_error("map", "shared memory");
    SharedMemory memory;
    memory.address_ = place;
    memory.size_ = size;
    return memory;
}

SharedMemory::SharedMemory(SharedMemory&& other) noexcept
    : address_(std::exchange(other.address_, nullptr)), size_(std::exchange(other.size_, 0)) {}

SharedMemory& SharedMemory::operator=(SharedMemory&& other) noexcept {
    std::swap(address_, other.address_);
    std::swap(size_, other.size_);
    return *this;
}

SharedMemory::~SharedMemory() {
    if (address_) ::munmap(address_, size_);
}

} // namespace preforkd
