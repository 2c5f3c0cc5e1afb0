// SSLSessionCache and SSLStaplingCache: "none", "shmcb:/path(512000)".
#pragma once

#include <string>

#include "config/configuration.h"
#include "modules/connection/ssl/ssl_settings.h"

namespace preforkd::ssl {

// Each fails with what stands behind the directive's name.
Result<CacheChoice> parse_session_cache(const config::Configuration& configuration,
                                        const std::string& text);
Result<CacheChoice> parse_stapling_cache(const config::Configuration& configuration,
                                         const std::string& text);

} // namespace preforkd::ssl
