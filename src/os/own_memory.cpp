#include "os/own_memory.h"

#include <array>
#include <cstdio>
#include <fcntl.h>
#include <unistd.h>

#include "os/system_error.h"

namespace preforkd {

Result<OwnMemory> OwnMemory::open() {
    UniqueFd numbers(::open("/proc/self/statm", O_RDONLY | O_CLOEXEC));
    if (!numbers) return system_error("open", "/proc/self/statm");
    return OwnMemory(std::move(numbers));
}

// proc(5): size, resident and shared, in pages.
std::size_t OwnMemory::bytes() const {
    std::array<char, 128> text{};
    if (::pread(numbers_.get(), text.data(), text.size() - 1, 0) <= 0) return 0;
    unsigned long size = 0, resident = 0, shared = 0;
    if (std::sscanf(text.data(), "%lu %lu %lu", &size, &resident, &shared) != 3) return 0;
    static const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    return resident > shared ? (resident - shared) * page : 0;
}

} // namespace preforkd
