// Shared objects that are loaded while the program runs (dlopen(3)).
#pragma once

#include <string>

#include "base/result.h"

namespace preforkd {

// A function of the object, nullptr where it has none of that name. The object stays loaded for
// good. Fails with what the linker says of the file.
Result<void*> load_function(const std::string& file, const char* name);

} // namespace preforkd
