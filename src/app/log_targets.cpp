#include "app/log_targets.h"

#include <set>

#include "base/text.h"
#include "config/process_settings.h"
#include "modules/logging/log_settings.h"
#include "pipeline/host_settings.h"

namespace preforkd {

namespace {

void add(LogTargets& targets, const config::Configuration& configuration,
         const std::string& target) {
    if (target.starts_with('|')) ++targets.programs;
    else if (istarts_with(target, "syslog")) ++targets.connections;
    else
        targets.files.push_back(target.starts_with('/') ? target
                                                        : configuration.server_root + "/" + target);
}

} // namespace

LogTargets log_targets(const config::Configuration& configuration) {
    LogTargets targets;
    std::set<std::string> error_logs;
    std::set<const logging::AccessLog*> access_logs;
    const auto& usual = configuration.main_server().of<config::ProcessSettings>().error_log;
    for (const auto& server : configuration.servers) {
        const std::string log = server->of<HostSettings>().error_log.value_or(usual);
        if (error_logs.insert(log).second) add(targets, configuration, log);
        for (const auto& access : server->of<logging::AccessLogSettings>().logs)
            if (access_logs.insert(access.get()).second)
                add(targets, configuration, access->target);
    }
    return targets;
}

} // namespace preforkd
