// The order of modules is the order of their hooks within a phase. Where two modules of one phase
// care, the line says so; built-in ones begin as Apache's -l lists them.
#include "modules/modules.h"

namespace preforkd {

static std::vector<Module>& modules() {
    // clang-format off: one a line
    static std::vector<Module> modules{
        core_module(),
        log_debug_module(), // before those that end a phase
        so_module(), watchdog_module(), http_module(), log_config_module(), logio_module(),
        slow_request_module(), version_module(), unixd_module(), macro_module(), prefork_module(),
        mpm_event_module(), mpm_worker_module(), reqtimeout_module(), request_module(),
        socache_shmcb_module(),
        unique_id_module(),    // for the logs of all that follows
        log_forensic_module(), // before anything can go wrong
        remoteip_module(),     // what follows asks who the client is
        negotiation_module(),  // chooses, or finds nothing, before a folder's rules and SetEnv
        // Rules come before everything that maps a path, and before SetEnv, which they do not see.
        rewrite_module(),
        proxy_module(), // whose handler comes before all others
        proxy_http_module(), proxy_fcgi_module(), proxy_wstunnel_module(), proxy_balancer_module(),
        lbmethod_byrequests_module(), lbmethod_bytraffic_module(), lbmethod_bybusyness_module(),
        slotmem_shm_module(),
        // What alias maps, others do not see; its redirects see SetEnvIf, and not SetEnv. It
        // refuses a script that nobody runs.
        cgi_module(), cgid_module(), alias_module(),
        // Variables first: what follows may depend on them.
        setenvif_module(), env_module(),
        ssl_module(), // its variables win; its users come before those with a password
        authn_anon_module(), authn_file_module(), authn_socache_module(), auth_basic_module(),
        auth_digest_module(),
        authn_core_module(), // says who nobody could be, so it comes last
        allowmethods_module(),
        // By address before by user.
        access_compat_module(), authz_core_module(), authz_groupfile_module(), authz_host_module(),
        authz_owner_module(), authz_user_module(), status_module(), asis_module(),
        imagemap_module(), include_module(), info_module(), autoindex_module(), userdir_module(),
        vhost_alias_module(), mime_module(),
        mime_magic_module(), // only where the name tells nothing
        // Last changes to requests and fields, before DirectoryIndex asks for a file.
        usertrack_module(), headers_module(),
        expires_module(), // what it says, headers may change
        ext_filter_module(), filter_module(), brotli_module(), buffer_module(), data_module(),
        deflate_module(), ratelimit_module(), substitute_module(), dir_module(),
        speling_module(), // what nobody else has found
        actions_module(), // after every handler that knows what to do
    };
    // clang-format on
    return modules;
}

const std::vector<Module>& all_modules() { return modules(); }

const Module& add_module(Module module) { return modules().emplace_back(std::move(module)); }

} // namespace preforkd
