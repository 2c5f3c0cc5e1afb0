// A server's error log, for what belongs to no request: connections.
#pragma once

#include <string_view>

#include "base/log.h"
#include "config/configuration.h"

namespace preforkd {

bool wants_log(const config::Server& server, std::string_view module, log::Level level);

// Writes if the server's LogLevel wants it.
void log_to(const config::Server& server, const log::Entry& entry);

} // namespace preforkd
