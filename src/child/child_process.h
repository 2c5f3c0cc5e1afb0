// One child: it serves one connection at a time until it is told to leave.
#pragma once

#include <span>

#include "config/configuration.h"
#include "net/listener.h"
#include "os/identity.h"
#include "os/piped_program.h"
#include "pool/accept_mutex.h"
#include "pool/scoreboard.h"

namespace preforkd {

// What a child inherits from the control process. All of it outlives the child.
struct ChildContext {
    const config::Configuration& configuration;
    const config::HostIndex& hosts;
    std::span<const net::Listener> listeners;
    pool::AcceptMutex* accept_mutex; // nullptr: accept() needs no turn-taking
    pool::Scoreboard& scoreboard;
    int slot;
    unsigned generation;
    const Identity* identity; // whom to become; nullptr for an ordinary user, who stays who he is
    pid_t control_process;    // 0: this is the control process (-X), and it must see the end
    std::span<void (*const)(const config::Configuration&)> child_init; // of the modules
    std::span<void (*const)()> child_exit;
    const LogPrograms& log_programs;
};

// Runs in the forked process and answers its exit status (pool/exit_status.h). Drops privileges,
// serves, leaves.
int run_child(const ChildContext& context);

} // namespace preforkd
