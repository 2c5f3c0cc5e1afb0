#include "control/generation.h"

#include <algorithm>
#include <fmt/format.h>

#include "base/text.h"
#include "child/main_log.h"
#include "control/own_crash.h"
#include "control/warnings.h"
#include "os/memory_apart.h"
#include "os/process.h"
#include "pipeline/host_settings.h"
#include "pipeline/phases.h"
#include "pipeline/request_processor.h"

namespace preforkd {

namespace {

void bring_within_bounds(Generation& generation, const Generation* running) {
    const auto& said = generation.configuration->main_server().of<config::ProcessSettings>();
    const auto limit = running ? std::optional<int>(running->settings.server_limit) : std::nullopt;
    auto adjusted = config::adjust_pool_limits(said, limit);
    generation.settings = std::move(adjusted.settings);
    generation.warnings = std::move(adjusted.warnings);
}

Status find_who_serves(Generation& generation) {
    if (!is_superuser()) return {};
    const auto& settings = generation.settings;
    auto identity = find_identity(settings.user, settings.group);
    if (!identity) return identity.error();
    if (identity->uid == static_cast<uid_t>(-1))
        return Error{"User and Group must be set to start the server as the superuser"};
    if (identity->uid == 0)
        return Error{"User names the superuser: to serve as one would give every file away"};
    generation.identity = std::move(*identity);
    return {};
}

// Without an idle child in each, connections of a bucket would wait while others are idle.
void leave_room_for_buckets(config::ProcessSettings& settings, int buckets) {
    if (buckets == 1) return;
    settings.max_request_workers = std::max(settings.max_request_workers, buckets);
    settings.start_servers = std::max(settings.start_servers, buckets);
    settings.min_spare_servers = std::max(settings.min_spare_servers, buckets);
    settings.max_spare_servers =
        std::max(settings.max_spare_servers, settings.min_spare_servers + buckets);
}

Status open_sockets(Generation& generation, const Listeners& open) {
    auto listeners = open_listeners(*generation.configuration, open);
    if (listeners && !listeners->open.empty()) {
        generation.listeners = std::move(*listeners);
        leave_room_for_buckets(generation.settings, generation.listeners.buckets);
        return {};
    }
    const std::string reason = listeners ? "" : listeners.error().what + "\n";
    const bool goes_on = !open.open.empty(); // with the old configuration
    return Error{reason + (goes_on ? "no listening sockets available"
                                   : "no listening sockets available, shutting down")};
}

// With a single listener the kernel lets one child at a time have a connection, so that only who
// names a mechanism gets one (as Apache on Linux).
Status make_mutex(Generation& generation) {
    const auto& settings = generation.settings;
    const auto& mechanism = settings.accept_mutex.mechanism;
    const bool chosen = mechanism != "default" && mechanism != "yes";
    if (generation.listeners.of_bucket(0).size() == 1 && !chosen) return {};
    if (mechanism == "none") return {};
    const auto& path = settings.accept_mutex.path;
    const uid_t owner = generation.identity ? generation.identity->uid : effective_user();
    for (int bucket = 0; bucket < generation.listeners.buckets; ++bucket) {
        auto mutex =
            pool::make_accept_mutex(mechanism, path.empty() ? settings.runtime_dir : path, owner);
        if (!mutex) return Error{"AH03282: could not create accept mutex: " + mutex.error().what};
        generation.accept_mutexes.push_back(std::move(*mutex));
    }
    return {};
}

// At a start the log has it as well: where that is all that is left of a boot.
Error failed_module(const Generation& generation, std::string_view module, const Error& error) {
    const std::string cause = error.code == 0 ? "" : log::describe(error.code) + ": ";
    if (generation.number > 0) return Error{cause + error.what};
    for (const auto line : split(error.what, '\n'))
        write_main_log(*generation.configuration,
                       {.module = module, .text = cause + std::string(line)});
    return Error{cause + error.what + "\nAH00016: Configuration Failed"};
}

Status prepare_modules(Generation& generation, const Phases& phases) {
    for (const auto& post_config : phases.post_config)
        if (auto done = post_config.run(*generation.configuration); !done)
            return failed_module(generation, post_config.module, done.error());
    generation.monitor = phases.monitor;
    generation.child_init = phases.child_init;
    generation.child_exit = phases.child_exit;
    return {};
}

Status prepare_logs(Generation& generation, const Phases& phases) {
    auto programs = open_error_logs(*generation.configuration);
    if (!programs) return programs.error();
    generation.log_programs = std::move(*programs);
    log_warnings(*generation.configuration, generation.warnings);
    for (auto* open_logs : phases.open_logs)
        if (auto done = open_logs(*generation.configuration, generation.log_programs); !done)
            return done;
    return {};
}

} // namespace

void Generation::forget_configuration() {
    MemoryApart::stop_sharing(configuration.get());
    MemoryApart::stop_sharing(hosts.get());
    hosts.reset();
    configuration.reset();
}

Result<std::unique_ptr<Generation>>
prepare_generation(std::unique_ptr<config::Configuration> configuration, const Generation* running,
                   const Listeners& open) {
    const MemoryApart apart;
    auto generation = std::make_unique<Generation>();
    generation->number = running ? running->number + 1 : 0;
    generation->configuration = std::move(configuration);
    bring_within_bounds(*generation, running);
    if (auto found = find_who_serves(*generation); !found) return found.error();
    if (auto opened = open_sockets(*generation, open); !opened)
        return Error{opened.error().what + "\nAH00015: Unable to open logs"};
    const Phases phases = phases_of(all_modules(), *generation->configuration);
    if (auto opened = prepare_logs(*generation, phases); !opened)
        return Error{opened.error().what + "\nAH00015: Unable to open logs"};
    if (auto made = make_mutex(*generation); !made) return made.error();
    if (auto prepared = prepare_modules(*generation, phases); !prepared) return prepared.error();
    generation->hosts = std::make_unique<config::HostIndex>(*generation->configuration);
    return generation;
}

void enter_generation(Generation& generation) {
    const auto& log = generation.configuration->main_server().of<HostSettings>().open_log;
    redirect_standard_error(log->descriptor.get());
    adjust_listeners(generation.listeners, *generation.configuration);
    start_pipeline(*generation.configuration);
    log_own_crash(*generation.configuration);
}

} // namespace preforkd
