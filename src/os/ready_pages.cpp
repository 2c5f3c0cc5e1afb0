#include "os/ready_pages.h"

#include <new>
#include <sys/mman.h>

namespace preforkd {

void* ReadyPages::do_allocate(std::size_t size, std::size_t) {
    void* place = ::mmap(nullptr, size, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    if (place == MAP_FAILED) throw std::bad_alloc();
    return place;
}

void ReadyPages::do_deallocate(void* place, std::size_t size, std::size_t) {
    ::munmap(place, size);
}

} // namespace preforkd
