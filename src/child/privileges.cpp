#include "child/privileges.h"

#include <csignal>
#include <fmt/format.h>

#include "child/main_log.h"
#include "config/process_settings.h"
#include "os/oom_score.h"
#include "os/process.h"

namespace preforkd {

namespace {

// A child that was stopped must not live on either, so nothing is left to its handlers, unless
// there is a mutex that they must remove (child/departure).
int signal_of_orphans(const ChildContext& context) {
    const bool leaves_mutex =
        context.accept_mutex && context.accept_mutex->mechanism() == "sysvsem";
    return leaves_mutex ? SIGTERM : SIGKILL;
}

// Answers whether a crash is to leave a core file. That it cannot is no reason to serve nobody.
bool go_where_cores_are_written(const ChildContext& context,
                                const config::ProcessSettings& settings) {
    const auto& directory = settings.core_dump_directory;
    if (directory.empty()) return false;
    if (auto moved = change_directory(directory); !moved) {
        write_main_log(
            context.configuration,
            {.module = "mpm_prefork",
             .level = log::Level::warn,
             .text = fmt::format("CoreDumpDirectory {}: no core file can be written", directory),
             .code = moved.error().code});
        return false;
    }
    raise_core_limit(); // what a shell's or an init system's zero would make of the directive
    return true;
}

} // namespace

Status drop_privileges(const ChildContext& context) {
    if (context.control_process != 0) be_chosen_before_parent_when_out_of_memory();
    const auto& settings = context.configuration.main_server().of<config::ProcessSettings>();
    if (context.identity) {
        if (!settings.chroot_dir.empty())
            if (auto locked = lock_into(settings.chroot_dir); !locked) return locked;
        if (auto became = become(*context.identity); !became) return became;
    } else if (context.control_process != 0) {
        if (auto dropped = drop_capabilities(); !dropped) return dropped;
    }
    if (context.control_process != 0 && settings.no_new_privileges)
        if (auto refused = refuse_new_privileges(); !refused) return refused;
    const bool dumps = go_where_cores_are_written(context, settings);
    // Without CoreDumpDirectory the kernel's rule for a process that changed its user stands.
    if (dumps || context.identity) allow_core_dumps(dumps);
    if (context.control_process == 0) return {};
    if (!end_with_parent(context.control_process, signal_of_orphans(context)))
        return Error{"control process ended before its child began"};
    return {};
}

} // namespace preforkd
