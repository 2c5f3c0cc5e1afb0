// Names of hosts: this one's, and what the resolver knows of others. Each call may take long: it is
// made while the configuration is read, and by a child once for each server that it passes
// requests on to.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace preforkd {

// The numeric addresses of `name`, each once, in the resolver's order.
Result<std::vector<std::string>> resolve_host(const std::string& name);

// What this host calls itself. Where the resolver knows no name with a dot for it, `certain` is
// false and the name may be an address.
struct OwnName {
    std::string name;
    bool certain = false;
    std::string unresolved = {}; // the name that the resolver knows nothing of
};
OwnName own_name();

} // namespace preforkd
