// migrate: what preforkd does with an Apache configuration, for whoever thinks of switching.
#pragma once

#include <span>

namespace preforkd {

// All words of the command line. Answers the exit status.
int plan_migration(std::span<char* const> words, bool environment_is_ready);

} // namespace preforkd
