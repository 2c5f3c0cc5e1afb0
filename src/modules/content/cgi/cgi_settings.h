// What mod_cgi and mod_cgid are told: how long a script may say nothing, and where its failures are
// written down.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/directive.h"
#include "config/settings.h"
#include "os/deadline.h"

namespace preforkd {

struct CgiSettings {
    static constexpr config::Scope scope = config::Scope::directory;
    void inherit_from(const CgiSettings& outer) { config::inherit(patience, outer.patience); }
    std::optional<Duration> patience; // CGIScriptTimeout, CGIDScriptTimeout
};

struct ScriptLogSettings {
    static constexpr config::Scope scope = config::Scope::server;
    void inherit_from(const ScriptLogSettings& outer);
    std::optional<std::string> path;    // ScriptLog
    std::optional<std::size_t> longest; // ScriptLogLength, bytes
    std::optional<std::size_t> content; // ScriptLogBuffer: bytes kept of what a client sends
};

// `timeout`: the name of the directive that sets the patience.
std::vector<config::Directive> cgi_directives(std::string_view timeout);

} // namespace preforkd
