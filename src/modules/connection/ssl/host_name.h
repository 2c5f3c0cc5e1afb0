// What mod_ssl says of a host, and calls it.
#pragma once

#include <string>

#include "base/log.h"
#include "config/configuration.h"

namespace preforkd::ssl {

// "www.example.org:443"
std::string host_name(const config::Server& server);

// In the host's error log, where its LogLevel lets it.
void say_of_host(const config::Server& server, log::Level level, std::string_view text,
                 int code = 0);

} // namespace preforkd::ssl
