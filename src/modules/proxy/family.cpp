// Modules that Apache's proxy is made of, and that are one here: each is there to be loaded, and
// counts for <IfModule>.
#include "config/directive.h"
#include "modules/modules.h"

namespace preforkd {

Module proxy_http_module() { return {.name = "proxy_http"}; }
Module lbmethod_byrequests_module() { return {.name = "lbmethod_byrequests"}; }
Module lbmethod_bytraffic_module() { return {.name = "lbmethod_bytraffic"}; }
Module lbmethod_bybusyness_module() { return {.name = "lbmethod_bybusyness"}; }
Module slotmem_shm_module() { return {.name = "slotmem_shm"}; }

Module proxy_wstunnel_module() {
    using namespace config;
    Module module{.name = "proxy_wstunnel"};
    module.directives = {
        {"ProxyWebsocketFallbackToProxyHttp", Shape::flag, server_config | virtual_host | directory,
         override_none, accepted_for_later,
         "whether to let mod_proxy_http handle the upgrade and tunneling, On by default"}};
    return module;
}

} // namespace preforkd
