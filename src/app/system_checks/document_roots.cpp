#include "app/system_checks/document_roots.h"

#include <fmt/format.h>
#include <set>

#include "app/system_checks/access_rights.h"
#include "config/process_settings.h"
#include "pipeline/host_settings.h"

namespace preforkd {

namespace {

// To read index files no right to list the folder is needed.
Findings check_root(const std::string& root, const Identity& serving) {
    const std::string obstacle = first_obstacle(serving, root, Right::enter);
    if (obstacle.empty()) return {};
    return {{fmt::format("DocumentRoot {}: User {} may not enter {}", root, serving.user, obstacle),
             fmt::format("chmod o+x {}", obstacle)}};
}

} // namespace

// Whoever is no superuser serves as himself.
Findings check_document_roots(const config::Configuration& configuration) {
    if (!is_superuser()) return {};
    const auto& settings = configuration.main_server().of<config::ProcessSettings>();
    const auto serving = find_identity(settings.user, settings.group);
    if (!serving) return {};
    Findings found;
    std::set<std::string> seen;
    for (const auto& server : configuration.servers) {
        const auto& root = server->of<HostSettings>().document_root;
        if (!root || !seen.insert(*root).second) continue;
        for (auto& finding : check_root(*root, *serving)) found.push_back(std::move(finding));
    }
    return found;
}

} // namespace preforkd
