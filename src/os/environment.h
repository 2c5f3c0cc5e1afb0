// The variables that this process was started with, and that its programs are started with.
#pragma once

#include <string>
#include <string_view>

namespace preforkd {

// What the variable says, empty without one. It is gone after that, so that no child and no
// program sees it.
std::string take_from_environment(const char* name);
// The same, and it stays: empty without one.
std::string_view find_in_environment(const char* name);
void set_in_environment(const char* name, const std::string& value);

} // namespace preforkd
