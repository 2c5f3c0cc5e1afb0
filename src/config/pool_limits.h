// Bounds of the pool directives (StartServers … ServerLimit), as Apache's prefork enforces them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/process_settings.h"

namespace preforkd::config {

inline constexpr int highest_server_limit = 200000;

// A value that was changed, in both forms that Apache has for it. Empty for a form it lacks.
struct PoolWarning {
    std::string at_start;   // with its code, for standard error: "AH00180: WARNING: …"
    std::string at_restart; // with its code, for the error log: "AH00181: …"
};

struct AdjustedPool {
    ProcessSettings settings;
    std::vector<PoolWarning> warnings;
};

// `running_server_limit` is the ServerLimit that the running server started with; a restart cannot
// change it. Empty at start.
AdjustedPool adjust_pool_limits(const ProcessSettings& settings,
                                std::optional<int> running_server_limit);

} // namespace preforkd::config
