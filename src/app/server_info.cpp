#include "app/server_info.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "app/complete_configuration.h"
#include "app/configuration_text.h"
#include "app/defaults.h"
#include "base/product.h"
#include "config/process_settings.h"
#include "modules/connection/ssl/ssl_settings.h"
#include "modules/server/core/mutex.h"
#include "os/identity.h"
#include "pipeline/host_settings.h"
#include "pipeline/phases.h"

namespace preforkd {

namespace {

using config::Configuration;
using config::Directive;
using config::ProcessSettings;

// "AuthConfig or Limit"
std::string override_names(unsigned classes) {
    struct Named {
        unsigned bit;
        std::string_view name;
    };
    constexpr std::array known{
        Named{config::override_auth_config, "AuthConfig"},
        Named{config::override_limit, "Limit"},
        Named{config::override_options, "Options"},
        Named{config::override_file_info, "FileInfo"},
        Named{config::override_indexes, "Indexes"},
    };
    std::string names;
    for (const Named& one : known) {
        if ((classes & one.bit) == 0) continue;
        if (!names.empty()) names += " or ";
        names += one.name;
    }
    return names;
}

std::string_view where_in_files(const Directive& directive) {
    const bool in_servers = directive.contexts & (config::server_config | config::virtual_host);
    const bool in_sections = directive.contexts & config::directory;
    if (in_servers && in_sections) return "anywhere";
    if (in_sections) return "only inside <Directory>, <Files>, <Location>, or <If>";
    return "only outside <Directory>, <Files>, <Location>, or <If>";
}

// "Allowed in *.conf anywhere and in .htaccess\n\twhen AllowOverride includes FileInfo"
std::string where_allowed(const Directive& directive) {
    const auto files = where_in_files(directive);
    if ((directive.contexts & config::htaccess) == 0)
        return fmt::format("Allowed in *.conf {}", files);
    const std::string when = directive.override_class == config::override_all
                                 ? "isn't None"
                                 : "includes " + override_names(directive.override_class);
    return fmt::format("Allowed in *.conf {} and in .htaccess\n\twhen AllowOverride {}", files,
                       when);
}

std::string modules_text(const Configuration& configuration) {
    std::string text = "Loaded Modules:\n";
    const auto& loaded = configuration.enabled_modules;
    for (const Module& module : all_modules()) {
        const std::string identifier = identifier_of(module);
        const bool was_loaded = std::find(loaded.begin(), loaded.end(), identifier) != loaded.end();
        if (module.built_in && !was_loaded) text += fmt::format(" {} (static)\n", identifier);
    }
    for (const std::string& identifier : loaded) text += fmt::format(" {} (shared)\n", identifier);
    return text;
}

std::string includes_text(const Configuration& configuration) {
    std::string text = "Included configuration files:\n";
    for (const std::string& file : configuration.included_files) text += file + "\n";
    return text;
}

std::string certificates_of(const config::Server& server) {
    std::string text;
    for (const auto& file : server.of<ssl::SslServerSettings>().certificate_files)
        text += fmt::format("  {}\n", file);
    return text;
}

// Of hosts without SSLEngine, too; behind the main server's from the last host to the first.
std::string certificates_text(const Configuration& configuration) {
    std::string text = "Server certificates:\n" + certificates_of(configuration.main_server());
    const auto& servers = configuration.servers;
    for (auto host = servers.rbegin(); host + 1 != servers.rend(); ++host)
        text += certificates_of(**host);
    return text;
}

std::string mutex_text(std::string_view name, const config::MutexChoice& choice) {
    return fmt::format("Mutex {}: dir=\"{}\" mechanism={} {}\n", name, choice.path,
                       choice.mechanism, choice.omits_pid ? "[OmitPid]" : "");
}

std::string mutexes_text(const Configuration& configuration, const ProcessSettings& settings) {
    auto usual = settings.default_mutex;
    if (usual.path.empty()) usual.path = settings.runtime_dir + "/";
    std::string text = mutex_text("default", usual);
    for (const auto name : mutexes_of(configuration)) {
        const auto said = settings.other_mutexes.find(name);
        if (name == "mpm-accept" && settings.accept_mutex_was_set)
            text += mutex_text(name, settings.accept_mutex);
        else if (said != settings.other_mutexes.end()) text += mutex_text(name, said->second);
        else text += fmt::format("Mutex {}: using_defaults\n", name);
    }
    return text;
}

std::string identity_text(const ProcessSettings& settings) {
    const auto uid = find_user(settings.user);
    const auto gid = find_group(settings.group);
    const std::string_view remark = is_superuser() ? "" : " not_used";
    return fmt::format("User: name=\"{}\" id={}{}\nGroup: name=\"{}\" id={}{}\n", settings.user,
                       uid ? *uid : static_cast<uid_t>(-1), remark, settings.group,
                       gid ? *gid : static_cast<gid_t>(-1), remark);
}

std::string defines_text(const Configuration& configuration) {
    std::string text;
    for (const std::string& name : configuration.defines) {
        const auto value = configuration.variables.find(name);
        text += "Define: " + name;
        if (value != configuration.variables.end()) text += "=" + value->second;
        text += '\n';
    }
    return text;
}

std::string run_settings_text(const Configuration& configuration) {
    const auto& host = configuration.main_server().of<HostSettings>();
    const auto& settings = configuration.main_server().of<ProcessSettings>();
    std::string text = fmt::format("ServerRoot: \"{}\"\nMain DocumentRoot: \"{}\"\n",
                                   configuration.server_root, host.document_root.value_or(""));
    text += fmt::format("Main ErrorLog: \"{}\"\n", settings.error_log);
    text += mutexes_text(configuration, settings);
    text += fmt::format("PidFile: \"{}\"\n", settings.pid_file);
    text += defines_text(configuration);
    return text + identity_text(settings);
}

} // namespace

std::string version_text() {
    return fmt::format("Server version: {}/{} ({})\nServer built:   {}\n", product::name,
                       product::version, product::platform, product::built());
}

std::string build_settings_text() {
    return version_text() + fmt::format("Architecture:   {}-bit\n"
                                        "Server MPM:     prefork\n"
                                        "  threaded:     no\n"
                                        "    forked:     yes (variable process count)\n"
                                        "Server compiled with....\n"
                                        " -D HTTPD_ROOT=\"{}\"\n"
                                        " -D DEFAULT_PIDLOG=\"{}/{}\"\n"
                                        " -D DEFAULT_ERRORLOG=\"{}\"\n"
                                        " -D SERVER_CONFIG_FILE=\"{}\"\n",
                                        8 * sizeof(void*), defaults::server_root,
                                        defaults::runtime_dir, defaults::pid_file,
                                        ProcessSettings{}.error_log, defaults::configuration_file);
}

std::string built_in_modules_text() {
    std::string text = "Compiled in modules:\n";
    for (const Module& module : all_modules())
        if (module.built_in) text += "  " + source_of(module) + "\n";
    return text;
}

std::string directives_text() {
    std::string text;
    for (const Module& module : all_modules()) {
        for (const Directive& directive : module.directives)
            text += fmt::format("{} ({})\n\t{}\n\t{}\n", directive.name, source_of(module),
                                directive.usage, where_allowed(directive));
    }
    return text;
}

std::string included_files_text(const CommandLine& line, const Configuration& configuration) {
    return line.defined("DUMP_INCLUDES") ? includes_text(configuration) : std::string();
}

std::string dump_text(const CommandLine& line, const Configuration& configuration) {
    std::string text;
    if (line.defined("DUMP_VHOSTS"))
        text += "VirtualHost configuration:\n" + config::HostIndex(configuration).describe();
    // Of mod_info, as in Apache: without it nobody keeps what was read.
    if (line.defined("DUMP_CONFIG")) text += configuration_text(configuration.tree->nodes());
    if (line.defined("DUMP_RUN_CFG")) text += run_settings_text(configuration);
    if (line.defined("DUMP_MODULES")) text += modules_text(configuration);
    if (line.defined("DUMP_CERTS") && configuration.has_module("ssl_module"))
        text += certificates_text(configuration);
    return text;
}

} // namespace preforkd
