// mpm_worker: lets a configuration that was made for it be read; the server preforks all the same.
#include "modules/modules.h"
#include "modules/server/threaded_mpm.h"

namespace preforkd {

Module mpm_worker_module() {
    Module module{.name = "mpm_worker", .source = "worker.c"};
    module.directives = threaded_mpm_directives();
    return module;
}

} // namespace preforkd
