// Modules that are built outside this tree, against include/preforkd/module.h.
#pragma once

#include <string>

#include "pipeline/module.h"

namespace preforkd {

// The module `identifier` ("php_module"), from our own folder of modules if it holds one of that
// name, else from `file`. ENOENT where that is no module for this server. It is among all_modules()
// from then on, and stays loaded.
Result<const Module*> load_external_module(const std::string& identifier, const std::string& file);

} // namespace preforkd
