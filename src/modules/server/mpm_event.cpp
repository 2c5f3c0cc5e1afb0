// mpm_event: lets a configuration that was made for it be read; the server preforks all the same.
#include "modules/modules.h"
#include "modules/server/threaded_mpm.h"

namespace preforkd {

Module mpm_event_module() {
    Module module{.name = "mpm_event", .source = "event.c"};
    module.directives = threaded_mpm_directives();
    module.directives.push_back(
        {"AsyncRequestWorkerFactor", config::Shape::one, config::server_config,
         config::override_none, config::accepted_for_later,
         "How many additional connects will be accepted per idle worker thread"});
    return module;
}

} // namespace preforkd
