// How long a child stays: as many connections as its share is, and as long as it keeps small.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "config/process_settings.h"
#include "os/own_memory.h"

namespace preforkd {

class Tenure {
  public:
    // Requires: the process sees /proc still, if there is a MaxMemoryPerChild.
    explicit Tenure(const config::ProcessSettings& settings);

    // To be asked after each connection; the first is number 1.
    bool is_over_after(std::uint32_t connections);
    // What the log should know of the end, if anything.
    const std::string& reason() const { return reason_; }

  private:
    std::uint32_t most_connections_; // 0: no limit
    std::size_t most_memory_;        // bytes, 0: no limit
    std::optional<OwnMemory> memory_;
    std::string reason_;
};

} // namespace preforkd
