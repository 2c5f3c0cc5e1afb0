// Whether the process may have as many files open as the configuration needs; at a start, the
// server raises its own limit.
#pragma once

#include <cstdint>
#include <optional>

#include "app/system_checks/finding.h"
#include "config/configuration.h"
#include "config/syntax_tree.h"
#include "os/descriptor_limit.h"

namespace preforkd {

struct DescriptorNeed {
    int logs = 0; // files and connections
    int programs = 0;
    int listeners = 0;

    // At a restart two configurations are open at a time. A piped log is two ends of a pipe and a
    // name more.
    std::uint64_t total() const;
};

DescriptorNeed descriptors_needed(const config::Configuration& configuration);

// The soft limit to set, or nothing where the present one will do or is all there is.
std::optional<std::uint64_t> soft_limit_to_set(std::uint64_t needed, const DescriptorLimit& limit);

Findings judge_descriptors(const DescriptorNeed& need, const DescriptorLimit& limit);
Findings check_descriptors(const config::Configuration& configuration);

// Says for the error log what it did, or that there is not enough; nothing where all was well.
std::optional<config::Warning> raise_descriptor_limit(const config::Configuration& configuration);

} // namespace preforkd
