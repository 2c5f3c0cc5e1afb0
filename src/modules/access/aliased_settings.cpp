#include "modules/access/aliased_settings.h"

namespace preforkd {

// What AllowOverride AuthConfig would let an .htaccess file say.
Status apply_alias_content(const config::Invocation& invocation, config::Settings& settings) {
    config::Invocation inner = invocation;
    inner.in_htaccess = true;
    inner.overrides = config::override_auth_config;
    return config::apply_content(inner, {invocation.server, settings, nullptr, config::directory});
}

} // namespace preforkd
