#include "os/heap.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <malloc.h>

#include "os/memory_apart.h"

namespace preforkd {

// mallopt(3): -1 gives nothing back; nothing that is larger than 32 MiB stays.
void keep_free_memory(std::size_t most_bytes) {
    constexpr std::size_t largest_block = 32u << 20;
    constexpr std::size_t most = std::numeric_limits<int>::max();
    const std::size_t limit = most_bytes == 0 ? most : most_bytes;
    ::mallopt(M_TRIM_THRESHOLD, most_bytes == 0 ? -1 : static_cast<int>(std::min(limit, most)));
    ::mallopt(M_MMAP_THRESHOLD, static_cast<int>(std::min(limit, largest_block)));
}

void give_back_free_memory() {
    MemoryApart::give_back_pages();
    ::malloc_trim(0);
    // Who next asks for much sorts what is free, and writes into all of it. Each child would do so,
    // in pages that it shares until then. Volatile: a compiler may leave out what nobody looks at.
    void* volatile block = std::malloc(64 * 1024);
    std::free(block);
}

} // namespace preforkd
