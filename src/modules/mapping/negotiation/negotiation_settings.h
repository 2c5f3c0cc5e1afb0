// What LanguagePriority and ForceLanguagePriority say.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/settings.h"

namespace preforkd::negotiation {

struct NegotiationSettings {
    static constexpr config::Scope scope = config::Scope::directory;
    void inherit_from(const NegotiationSettings& outer) {
        if (languages.empty()) languages = outer.languages;
        config::inherit(force, outer.force);
    }
    // Whether `languages` decides where several are as good, and where none will do.
    struct Force {
        bool prefer = false;
        bool fallback = false;
    };
    std::vector<std::string> languages; // in lower case, the dearest first
    std::optional<Force> force;
    Force effective_force() const { return force.value_or(Force{.prefer = true}); }
};

} // namespace preforkd::negotiation
