// How busy the machine is.
#pragma once

#include <array>

namespace preforkd {

// Processes that want a processor, on average over 1, 5 and 15 minutes; zeros where unknown.
std::array<double, 3> load_averages();

} // namespace preforkd
