// Names of hosts: this one's, and what the resolver knows of others. Asked while the configuration
// is read, never for a request.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace preforkd {

// The numeric addresses of `name`, each once, in the resolver's order.
Result<std::vector<std::string>> resolve_host(const std::string& name);

// What gethostname says.
std::optional<std::string> own_host_name();
// The canonical name of this host, if it has a dot.
std::optional<std::string> own_qualified_name();

} // namespace preforkd
