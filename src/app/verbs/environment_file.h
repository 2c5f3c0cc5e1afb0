// A file "envvars", which sets the environment for a server's configuration, as Debian does it for
// Apache.
#pragma once

#include <span>
#include <string>

namespace preforkd {

// Lets a shell read the file, and starts this program again from there with a mark before its
// `words`. Returns where there is no such file, or where that failed, which it says.
void read_environment_from(const std::string& file, std::span<char* const> words);

// Whether that has happened; takes the mark off.
bool take_environment_mark(std::span<char* const>& words);

} // namespace preforkd
