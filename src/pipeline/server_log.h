// A server's error log.
#pragma once

#include <string_view>

#include "base/log.h"
#include "config/configuration.h"
#include "pipeline/error_log_format.h"

namespace preforkd {

bool wants_log(const config::Server& server, std::string_view module, log::Level level);

// For what belongs to no request: writes if the server's LogLevel wants it.
void log_to(const config::Server& server, const log::Entry& entry);

// For what belongs to a connection and none of its requests.
void log_to(const ConnectionFacts& connection, log::Entry entry);

// Writes whatever the level, in the form that the server's ErrorLogFormat gives. Requires: the
// server's log is open.
void write_to_log(const LogScene& scene);

} // namespace preforkd
