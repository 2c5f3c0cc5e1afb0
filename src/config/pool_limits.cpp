#include "config/pool_limits.h"

#include <algorithm>
#include <fmt/format.h>

namespace preforkd::config {

namespace {

using Warnings = std::vector<PoolWarning>;

void adjust_server_limit(int& limit, std::optional<int> running, Warnings& warnings) {
    if (limit > highest_server_limit) {
        warnings.push_back(
            {fmt::format("AH00175: WARNING: ServerLimit of {} exceeds compile-time limit of {} "
                         "servers, decreasing to {}.",
                         limit, highest_server_limit, highest_server_limit),
             fmt::format("AH00176: ServerLimit of {} exceeds compile-time limit of {}, "
                         "decreasing to match",
                         limit, highest_server_limit)});
        limit = highest_server_limit;
    } else if (limit < 1) {
        warnings.push_back(
            {fmt::format("AH00177: WARNING: ServerLimit of {} not allowed, increasing to 1.",
                         limit),
             fmt::format("AH00178: ServerLimit of {} not allowed, increasing to 1", limit)});
        limit = 1;
    }
    if (running && limit != *running) {
        warnings.push_back({"", fmt::format("AH00179: changing ServerLimit to {} from original "
                                            "value of {} not allowed during restart",
                                            limit, *running)});
        limit = *running;
    }
}

void adjust_workers(int& workers, int server_limit, Warnings& warnings) {
    if (workers > server_limit) {
        warnings.push_back(
            {fmt::format("AH00180: WARNING: MaxRequestWorkers of {} exceeds ServerLimit value of "
                         "{} servers, decreasing MaxRequestWorkers to {}. To increase, please see "
                         "the ServerLimit directive.",
                         workers, server_limit, server_limit),
             fmt::format("AH00181: MaxRequestWorkers of {} exceeds ServerLimit value of {}, "
                         "decreasing to match",
                         workers, server_limit)});
        workers = server_limit;
    } else if (workers < 1) {
        warnings.push_back(
            {fmt::format("AH00182: WARNING: MaxRequestWorkers of {} not allowed, increasing to 1.",
                         workers),
             fmt::format("AH00183: MaxRequestWorkers of {} not allowed, increasing to 1",
                         workers)});
        workers = 1;
    }
}

void adjust_start_servers(int& servers, Warnings& warnings) {
    if (servers >= 1) return;
    warnings.push_back(
        {fmt::format("AH00184: WARNING: StartServers of {} not allowed, increasing to 1.", servers),
         fmt::format("AH00185: StartServers of {} not allowed, increasing to 1", servers)});
    servers = 1;
}

void adjust_spare_servers(int& least, int& most, Warnings& warnings) {
    if (least < 1) {
        warnings.push_back(
            {fmt::format("AH00186: WARNING: MinSpareServers of {} not allowed, increasing to 1 to "
                         "avoid almost certain server failure. Please read the documentation.",
                         least),
             fmt::format("AH00187: MinSpareServers of {} not allowed, increasing to 1", least)});
        least = 1;
    }
    most = std::max(most, least + 1);
}

} // namespace

AdjustedPool adjust_pool_limits(const ProcessSettings& settings,
                                std::optional<int> running_server_limit) {
    AdjustedPool adjusted{settings, {}};
    ProcessSettings& pool = adjusted.settings;
    adjust_server_limit(pool.server_limit, running_server_limit, adjusted.warnings);
    adjust_workers(pool.max_request_workers, pool.server_limit, adjusted.warnings);
    adjust_start_servers(pool.start_servers, adjusted.warnings);
    adjust_spare_servers(pool.min_spare_servers, pool.max_spare_servers, adjusted.warnings);
    return adjusted;
}

} // namespace preforkd::config
