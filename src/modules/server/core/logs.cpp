// The error log: where it goes and how much it says.
#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "base/text.h"
#include "config/configuration.h"
#include "config/process_settings.h"
#include "modules/server/core/core_directives.h"
#include "pipeline/core_settings.h"
#include "pipeline/error_log_format.h"
#include "pipeline/host_settings.h"
#include "pipeline/module.h"
#include "pipeline/phases.h"

namespace preforkd {

namespace {

using config::Arguments;
using config::Invocation;
using config::Shape;

Status set_error_log(Invocation& invocation, Arguments arguments) {
    std::string target = arguments[0];
    const bool is_file = !target.starts_with('|') && !istarts_with(target, "syslog");
    if (is_file) target = invocation.server_relative(target);
    auto& settings = invocation.server.server_settings;
    settings.edit<HostSettings>().error_log = target;
    if (!invocation.server.is_virtual) settings.edit<config::ProcessSettings>().error_log = target;
    return {};
}

// The name that log lines carry for a module called "ssl", "mod_ssl.c" or "ssl_module"; nothing
// for a module that is not there.
std::optional<std::string> logging_name(std::string_view name, const Invocation& invocation) {
    const auto& enabled = invocation.configuration.enabled_modules;
    for (const Module& module : all_modules()) {
        const std::string identifier = identifier_of(module);
        const std::string source = source_of(module);
        const bool meant = name == module.name || name == identifier || name == source;
        if (!meant) continue;
        const bool is_there = module.built_in || std::find(enabled.begin(), enabled.end(),
                                                           identifier) != enabled.end();
        if (is_there) return std::string(module.name);
    }
    return {};
}

constexpr std::string_view level_words =
    "Log level keyword must be one of "
    "emerg/alert/crit/error/warn/notice/info/debug/trace1/.../trace8";

void set_module_level(log::Levels& levels, std::string module, log::Level level) {
    for (auto& [name, its_level] : levels.modules) {
        if (name != module) continue;
        its_level = level;
        return;
    }
    levels.modules.emplace_back(std::move(module), level);
}

// "info" speaks for every module, and takes back what was said of single ones; "ssl:info" for one.
Status apply_level(log::Levels& levels, const std::string& argument, const Invocation& invocation) {
    const auto colon = argument.find(':');
    if (colon == std::string::npos) {
        const auto level = log::parse_level(argument);
        if (!level) return Error{std::string(level_words)};
        levels = {*level, {}};
        return {};
    }
    const auto level = log::parse_level(std::string_view(argument).substr(colon + 1));
    if (!level) return Error{fmt::format("{}: {}", argument, level_words)};
    const std::string named = argument.substr(0, colon);
    auto module = logging_name(named, invocation);
    if (!module) return Error{"Cannot find module " + named};
    set_module_level(levels, std::move(*module), *level);
    return {};
}

// What a module's level is added to where a host or section has said nothing of its own yet.
log::Levels levels_of_main_server(const Invocation& invocation) {
    const auto& main = invocation.configuration.main_server().server_settings;
    const auto* said = main.find<CoreServerSettings>();
    return said ? said->log_levels.value_or(log::Levels{}) : log::Levels{};
}

Status set_log_level(Invocation& invocation, Arguments arguments) {
    auto& levels = invocation.section
                       ? invocation.settings.edit<CoreDirectorySettings>().log_levels
                       : invocation.server.server_settings.edit<CoreServerSettings>().log_levels;
    log::Levels changed = levels.value_or(levels_of_main_server(invocation));
    for (const std::string& argument : arguments)
        if (auto applied = apply_level(changed, argument, invocation); !applied) return applied;
    levels = std::move(changed);
    return {};
}

Status check_log_levels(Invocation& invocation, Arguments arguments) {
    if (arguments.empty())
        return Error{"LogLevel requires at least one argument, " +
                     std::string(invocation.directive.usage)};
    return set_log_level(invocation, arguments);
}

Status set_error_log_format(CoreServerSettings& settings, Arguments arguments) {
    const bool once = arguments.size() > 1;
    if (once && !iequals(arguments[0], "request") && !iequals(arguments[0], "connection"))
        return Error{"ErrorLogFormat type must be one of request, connection"};
    using Use = ErrorLogFormat::Use;
    auto compiled = ErrorLogFormat::compile(arguments.back(), once ? Use::once : Use::each_message);
    if (!compiled) return compiled.error();
    auto format = std::make_shared<const ErrorLogFormat>(std::move(*compiled));
    if (!once) settings.error_log_format = std::move(format);
    else if (iequals(arguments[0], "request"))
        settings.request_log_formats.push_back(std::move(format));
    else settings.connection_log_formats.push_back(std::move(format));
    return {};
}

const std::array log_rows{
    config::Directive{"ErrorLog", Shape::one, in_servers, config::override_none, set_error_log,
                      "The filename of the error log"},
    config::Directive{"ErrorLogFormat", Shape::one_or_two, in_servers, config::override_none,
                      config::edits<set_error_log_format>, "Format string for the ErrorLog"},
    config::Directive{"LogLevel", Shape::some_words, in_files, config::override_none,
                      check_log_levels, "Level of verbosity in error logging"},
};

} // namespace

std::span<const config::Directive> log_directives() { return log_rows; }

} // namespace preforkd
