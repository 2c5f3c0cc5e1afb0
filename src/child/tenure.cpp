#include "child/tenure.h"

#include <fmt/format.h>
#include <random>

namespace preforkd {

namespace {

// Children that were forked together should not leave together.
std::uint32_t share_of(const config::ProcessSettings& settings) {
    const auto most = static_cast<std::uint32_t>(settings.max_connections_per_child);
    const auto jitter = static_cast<std::uint32_t>(settings.max_connections_per_child_jitter);
    if (most == 0 || jitter == 0) return most;
    std::random_device chance;
    return most + std::uniform_int_distribution<std::uint32_t>(0, jitter)(chance);
}

} // namespace

Tenure::Tenure(const config::ProcessSettings& settings)
    : most_connections_(share_of(settings)), most_memory_(settings.max_memory_per_child) {
    if (most_memory_ == 0) return;
    if (auto memory = OwnMemory::open()) memory_ = std::move(*memory);
}

bool Tenure::is_over_after(std::uint32_t connections) {
    if (most_connections_ > 0 && connections >= most_connections_) return true;
    if (!memory_) return false;
    const std::size_t used = memory_->bytes();
    if (used <= most_memory_) return false;
    reason_ = fmt::format("child uses {} KiB, more than the {} KiB of MaxMemoryPerChild: it leaves "
                          "after connection {}",
                          used / 1024, most_memory_ / 1024, connections);
    return true;
}

} // namespace preforkd
