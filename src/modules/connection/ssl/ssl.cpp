// ssl: TLS, for hosts that say SSLEngine on.
#include "modules/connection/ssl/ssl_directives.h"
#include "modules/connection/ssl/ssl_settings.h"
#include "modules/modules.h"

namespace preforkd {

Module ssl_module() {
    return {
        .name = "ssl",
        .directives = ssl::ssl_directives(),
        .settings = {config::settings_type<ssl::SslServerSettings>(),
                     config::settings_type<ssl::SslDirectorySettings>()},
    };
}

} // namespace preforkd
