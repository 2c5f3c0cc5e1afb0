#include "config/advice.h"

#include <algorithm>
#include <fmt/format.h>
#include <numeric>
#include <utility>
#include <vector>

#include "base/text.h"

namespace preforkd::config {

namespace {

// Letters to add, take away or replace until one is the other (Levenshtein), in any case.
std::size_t distance(std::string_view from, std::string_view to) {
    std::vector<std::size_t> row(to.size() + 1);
    std::iota(row.begin(), row.end(), 0);
    for (std::size_t i = 0; i < from.size(); ++i) {
        std::size_t corner = std::exchange(row[0], i + 1);
        for (std::size_t j = 0; j < to.size(); ++j) {
            const bool same = iequals(from.substr(i, 1), to.substr(j, 1));
            const std::size_t replaced = corner + (same ? 0 : 1);
            corner = row[j + 1];
            row[j + 1] = std::min({replaced, row[j] + 1, corner + 1});
        }
    }
    return row.back();
}

std::string shown(std::string_view name) {
    return fmt::format("{}{}", name, name.starts_with('<') ? ">" : "");
}

// "mod_ssl.c", "ssl_module" → "mod_ssl", "ssl"
std::string_view before_last(char mark, std::string_view name) {
    return name.substr(0, name.rfind(mark));
}

std::string advice_to_load(std::string_view name, std::span<const ModuleRows> modules) {
    for (const auto& module : modules)
        for (const auto& directive : module.directives)
            if (iequals(directive.name, name))
                return fmt::format(
                    "Hint: {} needs 'LoadModule {} modules/{}.so' before it (Debian: a2enmod {})",
                    shown(directive.name), module.identifier, before_last('.', module.source),
                    before_last('_', module.identifier));
    return {};
}

// One letter in four may be wrong, and two at most.
std::string advice_to_spell(std::string_view name, const DirectiveTable& known) {
    std::size_t least = std::min<std::size_t>(name.size() / 4, 2) + 1;
    std::string_view nearest;
    for (const auto& row : known.rows()) {
        const std::size_t far = distance(name, row.directive->name);
        if (far >= least) continue;
        least = far;
        nearest = row.directive->name;
    }
    return nearest.empty() ? std::string() : fmt::format("Hint: did you mean {}?", shown(nearest));
}

} // namespace

std::string advice_on(std::string_view name, const DirectiveTable& known,
                      std::span<const ModuleRows> modules) {
    const auto advice = advice_to_load(name, modules);
    return advice.empty() ? advice_to_spell(name, known) : advice;
}

std::string advice_on_use(const Directive& directive, std::string_view error) {
    const auto says = [&](std::string_view words) { return error.find(words) != error.npos; };
    if (directive.usage.empty() || says(directive.name) || says(directive.usage)) return {};
    return fmt::format("Hint: {}: {}", shown(directive.name), directive.usage);
}

} // namespace preforkd::config
