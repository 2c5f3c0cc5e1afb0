// A configuration and everything that was made from it before the children are forked. The control
// process has one in use; a restart prepares the next one beside it, and keeps the old one if that
// fails.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "child/child_process.h"
#include "config/configuration.h"
#include "config/pool_limits.h"
#include "config/process_settings.h"
#include "control/error_logs.h"
#include "control/listeners.h"
#include "os/identity.h"
#include "pool/accept_mutex.h"

namespace preforkd {

struct Generation {
    unsigned number = 0;
    std::unique_ptr<config::Configuration> configuration;
    config::ProcessSettings settings;          // within bounds
    std::vector<config::PoolWarning> warnings; // about what had to be brought within bounds
    std::optional<Identity> identity;          // nothing for an ordinary user, who cannot change
    LogPrograms log_programs;
    Listeners listeners;
    // One a bucket; none where accept() needs no turns.
    std::vector<std::unique_ptr<pool::AcceptMutex>> accept_mutexes;
    std::unique_ptr<config::HostIndex> hosts;
    std::vector<void (*)()> monitor;
    std::vector<void (*)(const config::Configuration&)> child_init;
    std::vector<void (*)()> child_exit;
    // The one whose children serve until this one has a child.
    std::unique_ptr<Generation> predecessor;

    // Of a generation whose children serve on with the memory that they have: nobody else needs it.
    void forget_configuration();

    // nullptr where there is none.
    pool::AcceptMutex* accept_mutex_of(int bucket) const {
        return accept_mutexes.empty() ? nullptr
                                      : accept_mutexes[static_cast<std::size_t>(bucket)].get();
    }
};

// `running` is the generation in use, or nullptr at start; `open` what listens already.
Result<std::unique_ptr<Generation>>
prepare_generation(std::unique_ptr<config::Configuration> configuration, const Generation* running,
                   const Listeners& open);

// Puts a prepared generation to use in this process, to be inherited by its children.
void enter_generation(Generation& generation);

} // namespace preforkd
