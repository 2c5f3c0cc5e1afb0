#include "os/load_average.h"

#include <cstdlib>

namespace preforkd {

std::array<double, 3> load_averages() {
    std::array<double, 3> loads{};
    if (::getloadavg(loads.data(), 3) != 3) loads.fill(0);
    return loads;
}

} // namespace preforkd
