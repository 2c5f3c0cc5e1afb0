// Rows by name, and the small things that every row can use.
#include "base/text.h"
#include "config/configuration.h"
#include "config/directive.h"
#include "config/paths.h"

namespace preforkd::config {

void DirectiveTable::add(const Directive& directive, std::string_view module_source) {
    places_.try_emplace(lower(directive.name), rows_.size());
    rows_.push_back({&directive, module_source});
}

const DirectiveTable::Row* DirectiveTable::find(std::string_view name) const {
    const auto place = places_.find(lower(name));
    return place == places_.end() ? nullptr : &rows_[place->second];
}

Settings& settings_for(Invocation& invocation, Scope scope) {
    return scope == Scope::server ? invocation.server.server_settings : invocation.settings;
}

bool is_on(std::string_view argument) { return iequals(argument, "on"); }

Status accepted_for_later(Invocation& invocation, Arguments) {
    invocation.is_for_later = true;
    return {};
}

std::string Invocation::server_relative(std::string_view path) const {
    return absolute_path(configuration.server_root, path);
}

// "mod_alias.c" is alias; core has sources of several names.
static std::string module_of(std::string_view source) {
    if (source == "prefork.c") return "mpm_prefork";
    if (!source.starts_with("mod_") || !source.ends_with(".c")) return "core";
    return std::string(source.substr(4, source.size() - 6));
}

void Invocation::warn(std::string text) const {
    const auto* row = table.find(directive.name);
    configuration.warnings.push_back({.text = std::move(text),
                                      .module = module_of(row ? row->module : ""),
                                      .of_no_server = reading != nullptr});
}

bool MethodLimit::covers(std::string_view method) const {
    if (method == "HEAD") method = "GET";
    bool named = false;
    for (const auto& one : methods) named = named || one == method;
    return named != except;
}

bool Configuration::defined(std::string_view name) const {
    for (const auto& define : defines)
        if (define == name) return true;
    return false;
}

bool Configuration::has_module(std::string_view identifier) const {
    return std::find(enabled_modules.begin(), enabled_modules.end(), identifier) !=
           enabled_modules.end();
}

} // namespace preforkd::config
