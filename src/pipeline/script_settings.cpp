#include "pipeline/script_settings.h"

namespace preforkd {

void ScriptSettings::inherit_from(const ScriptSettings& outer) {
    config::inherit(pass_auth, outer.pass_auth);
    config::inherit(current_uri, outer.current_uri);
    config::inherit(qualified_redirect_url, outer.qualified_redirect_url);
    config::inherit(cpu_seconds, outer.cpu_seconds);
    config::inherit(memory_bytes, outer.memory_bytes);
    config::inherit(processes, outer.processes);
}

std::vector<ProgramLimit> ScriptSettings::limits() const {
    std::vector<ProgramLimit> limits;
    const auto add = [&](Resource resource, const std::optional<ResourceLimit>& limit) {
        if (limit) limits.push_back({resource, *limit});
    };
    add(Resource::cpu_seconds, cpu_seconds);
    add(Resource::memory_bytes, memory_bytes);
    add(Resource::processes, processes);
    return limits;
}

} // namespace preforkd
