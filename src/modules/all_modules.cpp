#include "modules/modules.h"

namespace preforkd {

const std::vector<Module>& all_modules() {
    static const std::vector<Module> modules{
        core_module(), so_module(), watchdog_module(), http_module(), version_module(),
        unixd_module(), macro_module(), prefork_module(), mpm_event_module(), mpm_worker_module(),
        reqtimeout_module(), alias_module(), userdir_module(), dir_module(), mime_module(), negotiation_module(),
        env_module(), setenvif_module(), headers_module(), authn_core_module(), authn_file_module(), auth_basic_module(),
        authz_core_module(), authz_host_module(), authz_user_module(), access_compat_module(),
    };
    return modules;
}

} // namespace preforkd
