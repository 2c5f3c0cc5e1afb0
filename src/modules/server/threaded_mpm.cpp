#include "modules/server/threaded_mpm.h"

#include "modules/server/pool_directives.h"

namespace preforkd {

namespace {

config::Directive row(std::string_view name, std::string_view usage) {
    return {name,
            config::Shape::one,
            config::server_config,
            config::override_none,
            config::accepted_for_later,
            usage};
}

} // namespace

std::vector<config::Directive> threaded_mpm_directives() {
    auto rows = pool_directives();
    rows.push_back(
        row("MinSpareThreads", "Minimum number of idle threads, to handle request spikes"));
    rows.push_back(row("MaxSpareThreads", "Maximum number of idle threads"));
    rows.push_back(row("ThreadsPerChild", "Number of threads each child creates"));
    rows.push_back(row("ThreadLimit",
                       "Maximum number of worker threads per child process for this run of Apache "
                       "- Upper limit for ThreadsPerChild"));
    return rows;
}

} // namespace preforkd
