#include "app/system_checks/descriptors.h"

#include <algorithm>
#include <fmt/format.h>

#include "app/log_targets.h"
#include "config/process_settings.h"

namespace preforkd {

namespace {

// Standard streams, the connection, files that are sent, scripts, locks, libraries.
constexpr std::uint64_t reserve = 128;

std::string text_of(const DescriptorNeed& need) {
    return fmt::format("{} files open at a time ({} logs, {} log programs, {} listeners, twice "
                       "at a restart, and {} to spare)",
                       need.total(), need.logs, need.programs, need.listeners, reserve);
}

} // namespace

std::uint64_t DescriptorNeed::total() const {
    return 2 * static_cast<std::uint64_t>(logs + 3 * programs + listeners) + reserve;
}

DescriptorNeed descriptors_needed(const config::Configuration& configuration) {
    const LogTargets targets = log_targets(configuration);
    const auto& listen = configuration.main_server().of<config::ProcessSettings>().listen;
    return {static_cast<int>(targets.files.size()) + targets.connections, targets.programs,
            static_cast<int>(listen.size())};
}

std::optional<std::uint64_t> soft_limit_to_set(std::uint64_t needed, const DescriptorLimit& limit) {
    const auto reachable = std::min(needed, limit.hard);
    if (limit.soft >= reachable) return {};
    return reachable;
}

Findings judge_descriptors(const DescriptorNeed& need, const DescriptorLimit& limit) {
    if (need.total() <= limit.hard) return {};
    return {{fmt::format("the configuration needs {}, but the hard limit is {}", text_of(need),
                         limit.hard),
             fmt::format("LimitNOFILE={} in the systemd unit, or 'ulimit -Hn {}' as root before "
                         "the start",
                         need.total(), need.total())}};
}

Findings check_descriptors(const config::Configuration& configuration) {
    return judge_descriptors(descriptors_needed(configuration), descriptor_limit());
}

std::optional<config::Warning> raise_descriptor_limit(const config::Configuration& configuration) {
    const DescriptorNeed need = descriptors_needed(configuration);
    const DescriptorLimit limit = descriptor_limit();
    if (const auto wanted = soft_limit_to_set(need.total(), limit)) {
        if (auto raised = set_soft_descriptor_limit(*wanted); !raised)
            return config::Warning{raised.error().what};
        if (*wanted >= need.total())
            return config::Warning{fmt::format("open files: soft limit raised from {} to {}, since "
                                               "the configuration needs {}",
                                               limit.soft, *wanted, text_of(need)),
                                   "core", log::Level::notice};
    }
    if (need.total() <= limit.hard) return {};
    return config::Warning{fmt::format("open files: the configuration needs {}, but the hard "
                                       "limit is {}",
                                       text_of(need), limit.hard)};
}

} // namespace preforkd
