// What SSLVerifyClient and its like say, for the server and for proxies.
#pragma once

#include <optional>

#include "config/directive.h"
#include "net/tls_settings.h"

namespace preforkd::ssl {

Result<net::ClientVerification> parse_verification(const config::Invocation& invocation,
                                                   const std::string& word);

// Apache takes any word for 0.
Result<int> parse_depth(const config::Invocation& invocation, const std::string& word);

struct RevocationChoice {
    net::RevocationCheck check = net::RevocationCheck::none;
    bool may_lack = false;
};
Result<RevocationChoice> parse_revocation_check(const config::Invocation& invocation,
                                                config::Arguments words);

} // namespace preforkd::ssl
