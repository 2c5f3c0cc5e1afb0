// mpm_worker: lets a configuration that was made for it be read; the server preforks all the same.
#include "config/configuration.h"
#include "modules/modules.h"
#include "modules/server/threaded_mpm.h"

namespace preforkd {

namespace {

Status warn_of_threads(config::Configuration& configuration) {
    configuration.warnings.push_back(
        "mpm_worker_module is loaded, but preforkd serves with processes only: ThreadsPerChild and "
        "the other settings of threads have no effect");
    return {};
}

} // namespace

Module mpm_worker_module() {
    Module module{
        .name = "mpm_worker", .hooks = {.post_config = warn_of_threads}, .source = "worker.c"};
    module.directives = threaded_mpm_directives();
    return module;
}

} // namespace preforkd
