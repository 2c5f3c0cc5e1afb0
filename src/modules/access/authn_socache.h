// What a provider found out about users is kept for others (mod_authn_socache).
#pragma once

#include <string_view>

#include "pipeline/request.h"

namespace preforkd {

// Keeps what `provider` knows of a user, if AuthnCacheProvideFor names it: a password's hash, or,
// with a realm, a digest.
void keep_credentials(Request& request, std::string_view provider, std::string_view user,
                      std::string_view realm, std::string_view secret);

} // namespace preforkd
