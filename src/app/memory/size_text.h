// Sizes as people read them.
#pragma once

#include <cstdint>
#include <string>

namespace preforkd {

// "812 kB", "3.1 MB", "23.5 GB"
std::string size_text(std::uint64_t bytes);

} // namespace preforkd
