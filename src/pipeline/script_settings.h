// What the configuration says of programs that work for a request: scripts, commands of documents,
// external filters.
#pragma once

#include <optional>
#include <vector>

#include "config/settings.h"
#include "os/resource_limit.h"
#include "os/script_program.h"

namespace preforkd {

struct ScriptSettings {
    static constexpr config::Scope scope = config::Scope::directory;
    void inherit_from(const ScriptSettings& outer);

    std::optional<bool> pass_auth;              // CGIPassAuth
    std::optional<bool> current_uri;            // CGIVar REQUEST_URI current-uri
    std::optional<bool> qualified_redirect_url; // QualifyRedirectURL
    // RLimitCPU, RLimitMEM, RLimitNPROC
    std::optional<ResourceLimit> cpu_seconds, memory_bytes, processes;

    std::vector<ProgramLimit> limits() const;
};

} // namespace preforkd
