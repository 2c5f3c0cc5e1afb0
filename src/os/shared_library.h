// Shared objects that are loaded while the program runs (dlopen(3)).
#pragma once

#include <string>

#include "base/result.h"

namespace preforkd {

// For what it does when it is loaded, and for what is loaded later. It stays for good. Fails with
// what the linker says of the file.
Status load_library(const std::string& file);

// A function of the object, nullptr where it has none of that name. The object stays loaded for
// good. Fails with what the linker says of the file.
Result<void*> load_function(const std::string& file, const char* name);

} // namespace preforkd
