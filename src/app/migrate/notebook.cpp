#include "app/migrate/notebook.h"

#include <algorithm>
#include <fmt/format.h>

#include "app/migrate/module_guide.h"
#include "app/migrate/remarks.h"
#include "base/text.h"
#include "config/configuration.h"
#include "config/words.h"
#include "pipeline/module.h"
#include "pipeline/phases.h"

namespace preforkd::migrate {

namespace {

std::string shown(std::string_view name) {
    return fmt::format("{}{}", name, name.starts_with('<') ? ">" : "");
}

bool is_compiled_in(const std::string& identifier) {
    const auto& modules = all_modules();
    return std::any_of(modules.begin(), modules.end(),
                       [&](const Module& module) { return identifier_of(module) == identifier; });
}

} // namespace

void Notebook::saw(const config::Invocation& invocation, const Status& outcome) {
    const std::string_view name = invocation.directive.name;
    const auto words = config::split_words(invocation.node.arguments);
    if (name == "LoadModule") {
        ++modules;
        if (!outcome && !words.empty() && !is_compiled_in(words[0]))
            return note_missing_module(invocation, words[0]);
    }
    Occurrence noted;
    noted.name = shown(name);
    noted.site = site_of(invocation.node.place);
    if (!outcome) {
        noted.kind = Kind::refused;
        noted.remark = outcome.error().what;
    } else if (noted.remark = difference_of(name, words); !noted.remark.empty()) {
        noted.kind = Kind::differs;
    } else if (invocation.is_for_later) {
        noted.kind = Kind::later;
        noted.remark = missing_of(name);
    }
    occurrences.push_back(std::move(noted));
}

// In Apache it is there: what <IfModule> says about it is read, and so it is looked at here.
void Notebook::note_missing_module(const config::Invocation& invocation,
                                   const std::string& identifier) {
    const Site site = site_of(invocation.node.place);
    const std::string module = module_of_identifier(identifier);
    missing_modules.push_back({identifier, site});
    occurrences.push_back({"LoadModule", Kind::unknown, {}, module, site});
    auto& names = invocation.configuration.module_names;
    names.push_back(identifier);
    constexpr std::string_view ending = "_module";
    if (identifier.ends_with(ending))
        names.push_back(
            fmt::format("mod_{}.c", identifier.substr(0, identifier.size() - ending.size())));
}

void Notebook::saw_unknown(const config::Node& node) {
    occurrences.push_back({shown(node.name_in_table()),
                           Kind::unknown,
                           {},
                           module_of_directive(node.name),
                           site_of(node.place)});
}

} // namespace preforkd::migrate
