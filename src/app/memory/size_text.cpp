#include "app/memory/size_text.h"

#include <fmt/format.h>

namespace preforkd {

std::string size_text(std::uint64_t bytes) {
    constexpr double kilobyte = 1024;
    const double size = static_cast<double>(bytes);
    if (size < kilobyte * kilobyte) return fmt::format("{:.0f} kB", size / kilobyte);
    if (size < kilobyte * kilobyte * kilobyte)
        return fmt::format("{:.1f} MB", size / kilobyte / kilobyte);
    return fmt::format("{:.1f} GB", size / kilobyte / kilobyte / kilobyte);
}

} // namespace preforkd
