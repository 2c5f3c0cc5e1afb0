// The main server's error log, for what belongs to no request: the life of processes.
#pragma once

#include <string_view>

#include "base/log.h"
#include "config/configuration.h"

namespace preforkd {

// Writes if the main server's LogLevel wants it. Notices are always written, as Apache does to a
// file. Goes to standard error while no log is open.
void write_main_log(const config::Configuration& configuration, const log::Entry& entry);

} // namespace preforkd
