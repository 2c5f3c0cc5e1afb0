// ?auto: a key and a value a line, in Apache's order, which programs have learnt to read.
#include <fmt/format.h>

#include "modules/content/status/number_text.h"
#include "modules/content/status/status_text.h"

namespace preforkd::status {

namespace {

std::string totals_text(const PoolNumbers& pool, const Surroundings& surroundings) {
    const auto kilobytes = pool.bytes / 1024;
    const auto seconds = static_cast<float>(pool.uptime);
    const auto requests = static_cast<float>(pool.requests);
    const float bytes = bytes_per_kilobyte * static_cast<float>(kilobytes);
    std::string text = fmt::format("Total Accesses: {}\nTotal kBytes: {}\nTotal Duration: {}\n",
                                   pool.requests, kilobytes, pool.duration);
    text += fmt::format("CPUUser: {}\nCPUSystem: {}\nCPUChildrenUser: 0\nCPUChildrenSystem: 0\n",
                        number_text(surroundings.seconds_of(pool.cpu_user_ticks)),
                        number_text(surroundings.seconds_of(pool.cpu_system_ticks)));
    if (const double load = cpu_load(pool, surroundings); load > 0)
        text += fmt::format("CPULoad: {}\n", number_text(load));
    text += fmt::format("Uptime: {}\n", pool.uptime);
    if (pool.uptime > 0)
        text += fmt::format("ReqPerSec: {}\nBytesPerSec: {}\n", number_text(requests / seconds),
                            number_text(bytes / seconds));
    if (pool.requests > 0)
        text += fmt::format("BytesPerReq: {}\nDurationPerReq: {}\n", number_text(bytes / requests),
                            number_text(static_cast<float>(pool.duration) / requests));
    return text;
}

} // namespace

std::string auto_text(const PoolNumbers& pool, const Surroundings& surroundings) {
    std::string text = fmt::format(
        "{}\nServerVersion: {}\nServerMPM: prefork\nServer Built: {}\nCurrentTime: {}\n"
        "RestartTime: {}\nParentServerConfigGeneration: {}\nParentServerMPMGeneration: {}\n"
        "ServerUptimeSeconds: {}\nServerUptime:{}\n",
        surroundings.server_name, surroundings.server_version, server_built(), time_text(pool.now),
        time_text(pool.restarted), pool.generation + 1, pool.generation, pool.uptime,
        uptime_text(pool.uptime));
    text += fmt::format("Load1: {:.2f}\nLoad5: {:.2f}\nLoad15: {:.2f}\n", surroundings.loads[0],
                        surroundings.loads[1], surroundings.loads[2]);
    if (pool.extended) text += totals_text(pool, surroundings);
    text += fmt::format("BusyWorkers: {}\nGracefulWorkers: {}\nIdleWorkers: {}\nScoreboard: {}\n",
                        pool.busy, pool.graceful, pool.idle, pool.letters);
    if (surroundings.tls_sessions) text += tls_auto_text(*surroundings.tls_sessions);
    return text;
}

} // namespace preforkd::status
