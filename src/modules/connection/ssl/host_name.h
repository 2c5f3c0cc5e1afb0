// What mod_ssl calls a host in its messages.
#pragma once

#include <string>

#include "config/configuration.h"

namespace preforkd::ssl {

// "www.example.org:443"
std::string host_name(const config::Server& server);

} // namespace preforkd::ssl
