// BufferedLogs: lines of access logs that this child has not written yet.
#pragma once

#include <cstddef>
#include <string_view>

#include "base/result.h"

namespace preforkd::logging {

// Once in a child: for so many logs.
void begin_buffering(std::size_t logs);
bool is_buffering();

// Keeps a line of the log of that number, from 0. Fails where lines that were kept could not be
// written.
Status keep_line(std::size_t log, int descriptor, std::string_view line);

// Before this child ends. May be called by a signal handler, whatever it interrupts.
void write_kept_lines();

} // namespace preforkd::logging
