#include "modules/mapping/rewrite/rewrite_settings.h"

namespace preforkd::rewrite {

// Apache: config_perdir_merge.
void RuleSettings::inherit_rules(const RuleSettings& outer) {
    config::inherit(options, outer.options);
    const bool ignores = has(ignore_inherit);
    if (has(inherit) || (!ignores && outer.has(inherit_down))) rules.append(outer.rules);
    else if (has(inherit_before) || (!ignores && outer.has(inherit_down_before)))
        rules.prepend(outer.rules);
}

void ServerRewrite::inherit_from(const ServerRewrite& outer) {
    inherit_rules(outer);
    if (!has(inherit) && !has(inherit_before)) return;
    maps.insert(maps.end(), outer.maps.begin(), outer.maps.end());
}

const Map* ServerRewrite::find_map(std::string_view name) const {
    for (const auto& map : maps)
        if (map->name() == name) return map.get();
    return nullptr;
}

void DirectoryRewrite::inherit_from(const DirectoryRewrite& outer) {
    config::inherit(on, outer.on);
    inherit_rules(outer);
    config::inherit(on, outer.on);
    if (directory.empty()) directory = outer.directory;
    if (has(merge_base)) config::inherit(base, outer.base);
}

} // namespace preforkd::rewrite
