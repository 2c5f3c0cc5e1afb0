// Every compiled-in module. A module's file exports one function, declared here.
#pragma once

#include "pipeline/module.h"

namespace preforkd {

// server/
Module core_module();
Module http_module();
Module so_module();
Module unixd_module();
Module version_module();
Module macro_module();
Module prefork_module();
Module mpm_event_module();
Module mpm_worker_module();
Module reqtimeout_module();
Module request_module();
Module watchdog_module();
// connection/
Module ssl_module();
Module socache_shmcb_module();
Module remoteip_module();
// proxy/
Module proxy_module();
Module proxy_http_module();
Module proxy_fcgi_module();
Module proxy_wstunnel_module();
Module proxy_balancer_module();
Module lbmethod_byrequests_module();
Module lbmethod_bytraffic_module();
Module lbmethod_bybusyness_module();
Module slotmem_shm_module();
// mapping/
Module alias_module();
Module dir_module();
Module mime_module();
Module mime_magic_module();
Module negotiation_module();
Module userdir_module();
Module speling_module();
Module unique_id_module();
Module vhost_alias_module();
Module env_module();
Module setenvif_module();
// access/
Module access_compat_module();
Module auth_basic_module();
Module auth_digest_module();
Module authn_core_module();
Module authn_anon_module();
Module authn_file_module();
Module authn_socache_module();
Module authz_core_module();
Module authz_groupfile_module();
Module authz_host_module();
Module authz_owner_module();
Module authz_user_module();
// content/
Module autoindex_module();
Module actions_module();
Module asis_module();
Module cgi_module();
Module cgid_module();
Module imagemap_module();
Module include_module();
Module info_module();
Module status_module();
// response/
Module brotli_module();
Module buffer_module();
Module data_module();
Module deflate_module();
Module ext_filter_module();
Module allowmethods_module();
Module expires_module();
Module filter_module();
Module ratelimit_module();
Module rewrite_module();
Module substitute_module();
Module headers_module();
// logging/
Module log_config_module();
Module log_debug_module();
Module log_forensic_module();
Module usertrack_module();
Module logio_module();
Module slow_request_module();

// Behind those that are compiled in; earlier references to modules do not outlive it.
const Module& add_module(Module module);

} // namespace preforkd
