#include "os/heap.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <malloc.h>

#include "os/memory_apart.h"

namespace preforkd {

// mallopt(3): -1 gives nothing back.
void keep_free_memory(std::size_t most_bytes) {
    constexpr std::size_t most = std::numeric_limits<int>::max();
    ::mallopt(M_TRIM_THRESHOLD,
              most_bytes == 0 ? -1 : static_cast<int>(std::min(most_bytes, most)));
}

void give_back_free_memory() {
    MemoryApart::give_back_pages();
    ::malloc_trim(0);
    // Who next asks for much sorts what is free, and writes into all of it. Each child would do so,
    // in pages that it shares until then.
    std::free(std::malloc(64 * 1024));
}

} // namespace preforkd
