// operator new and delete of the daemon: the heap's, but for what MemoryApart takes. The other
// forms (arrays, without exceptions) are made from these by the standard library.
#include <cstdlib>
#include <new>

#include "os/memory_apart.h"

void* operator new(std::size_t size) {
    if (void* block = preforkd::MemoryApart::take(size)) return block;
    if (void* block = std::malloc(size > 0 ? size : 1)) return block;
    throw std::bad_alloc();
}

void operator delete(void* block, std::size_t size) noexcept {
    if (!preforkd::MemoryApart::give_back(block, size)) std::free(block);
}

void operator delete(void* block) noexcept { operator delete (block, std::size_t{0}); }
