#include "os/oom_score.h"

#include <algorithm>
#include <cstdlib>
#include <fcntl.h>
#include <string>
#include <unistd.h>

#include "os/unique_fd.h"

namespace preforkd {

namespace {

constexpr int above_parent = 100; // a tenth of the memory there is
constexpr int highest = 1000;

} // namespace

void be_chosen_before_parent_when_out_of_memory() {
    const UniqueFd file(::open("/proc/self/oom_score_adj", O_RDWR | O_CLOEXEC));
    if (!file) return;
    char inherited[16] = {};
    if (::read(file.get(), inherited, sizeof inherited - 1) <= 0) return;
    const std::string wanted =
        std::to_string(std::min(std::atoi(inherited) + above_parent, highest));
    [[maybe_unused]] const ssize_t written = ::pwrite(file.get(), wanted.data(), wanted.size(), 0);
}

} // namespace preforkd
