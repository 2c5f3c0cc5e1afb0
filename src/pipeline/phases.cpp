#include "pipeline/phases.h"

#include <algorithm>

#include "pipeline/request.h"

namespace preforkd {

namespace {

template <class Function>
void append(std::vector<Function>& phase, Function function) {
    if (function) phase.push_back(function);
}

} // namespace

bool is_enabled(const Module& module, const config::Configuration& configuration) {
    const auto& enabled = configuration.enabled_modules;
    return module.built_in ||
           std::find(enabled.begin(), enabled.end(), identifier_of(module)) != enabled.end();
}

std::string identifier_of(const Module& module) {
    if (!module.identifier.empty()) return std::string(module.identifier);
    return std::string(module.name) + "_module";
}

std::string source_of(const Module& module) {
    if (!module.source.empty()) return std::string(module.source);
    return "mod_" + std::string(module.name) + ".c";
}

Phases phases_of(const std::vector<Module>& modules, const config::Configuration& configuration) {
    Phases phases;
    for (const Module& module : modules)
        if (is_enabled(module, configuration))
            append(phases.post_read_request, module.hooks.read_request);
    for (const Module& module : modules) {
        if (!is_enabled(module, configuration)) continue;
        const Hooks& hooks = module.hooks;
        append(phases.open_logs, hooks.open_logs);
        if (hooks.post_config) phases.post_config.push_back({module.name, hooks.post_config});
        append(phases.monitor, hooks.monitor);
        append(phases.child_init, hooks.child_init);
        append(phases.child_exit, hooks.child_exit);
        append(phases.pre_connection, hooks.pre_connection);
        append(phases.post_read_request, hooks.post_read_request);
        append(phases.translate_name, hooks.translate_name);
        append(phases.map_to_storage, hooks.map_to_storage);
        append(phases.header_parser, hooks.header_parser);
        append(phases.access_checker, hooks.access_checker);
        append(phases.check_user_id, hooks.check_user_id);
        append(phases.auth_checker, hooks.auth_checker);
        append(phases.type_checker, hooks.type_checker);
        append(phases.fixups, hooks.fixups);
        append(phases.handler, hooks.handler);
        append(phases.filter_response, hooks.filter_response);
        append(phases.log_transaction, hooks.log_transaction);
    }
    return phases;
}

Verdict run_all(const Phases::Phase& phase, Request& request) {
    for (auto function : phase) {
        const Verdict verdict = function(request);
        if (verdict.is_refusal() || verdict.is_done()) return verdict;
    }
    return ok;
}

Verdict run_first(const Phases::Phase& phase, Request& request) {
    for (auto function : phase) {
        const Verdict verdict = function(request);
        if (!verdict.is_declined()) return verdict;
    }
    return declined;
}

} // namespace preforkd
