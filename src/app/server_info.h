// What -v, -V, -l, -L, -M, -S and -D DUMP_… print, as httpd prints it.
#pragma once

#include <string>

#include "app/command_line.h"
#include "config/configuration.h"

namespace preforkd {

std::string version_text();
std::string build_settings_text();
std::string built_in_modules_text();
std::string directives_text();
// For DUMP_INCLUDES, or "".
std::string included_files_text(const CommandLine& line,
                                const config::Configuration& configuration);
// What the other DUMP_… definitions of `line` ask for.
std::string dump_text(const CommandLine& line, const config::Configuration& configuration);

} // namespace preforkd
