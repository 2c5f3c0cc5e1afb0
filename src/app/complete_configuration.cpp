#include "app/complete_configuration.h"

#include <algorithm>
#include <cstring>
#include <deque>
#include <fmt/format.h>

#include "app/defaults.h"
#include "base/product.h"
#include "base/text.h"
#include "config/merge_servers.h"
#include "config/process_settings.h"
#include "config/reader.h"
#include "modules/external/external_module.h"
#include "modules/logging/log_target.h"
#include "os/host_names.h"
#include "os/identity.h"
#include "os/memory_apart.h"
#include "pipeline/core_settings.h"
#include "pipeline/host_settings.h"
#include "pipeline/phases.h"

namespace preforkd {

namespace {

using config::ConfigError;
using config::Configuration;
using config::ProcessSettings;
using config::Server;

// Names and sources that ModuleRows can point to: they live as long as the process.
struct ModuleName {
    std::string identifier;
    std::string source;
};

const std::deque<ModuleName>& module_names() {
    static std::deque<ModuleName> names;
    const auto& modules = all_modules(); // more of them as modules are loaded
    while (names.size() < modules.size()) {
        const Module& module = modules[names.size()];
        names.push_back({identifier_of(module), source_of(module)});
    }
    return names;
}

config::ModuleRows rows_of(std::size_t module) {
    const auto& [identifier, source] = module_names()[module];
    const auto& all = all_modules()[module];
    return {identifier, source, all.built_in, all.directives};
}

std::string absolute(const Configuration& configuration, const std::string& path) {
    return path.starts_with('/') ? path : configuration.server_root + "/" + path;
}

bool is_file_log(std::string_view log) {
    return !log.starts_with('|') && !istarts_with(log, "syslog");
}

// A host without a name goes by the main server's.
void name_servers(Configuration& configuration) {
    Server& main = configuration.main_server();
    if (!main.name_was_set) {
        const OwnName own = own_name();
        main.name = own.name;
        if (!own.unresolved.empty())
            configuration.warnings.push_back(
                {.text = fmt::format("AH00557: {}: apr_sockaddr_info_get() failed for {}",
                                     product::name, own.unresolved),
                 .bare = true});
        if (!own.certain)
            configuration.warnings.push_back(
                {.text = fmt::format("AH00558: {}: Could not reliably determine the server's fully "
                                     "qualified domain name, using {}. Set the 'ServerName' "
                                     "directive globally to suppress this message",
                                     product::name, own.name),
                 .bare = true});
    }
    for (auto& server : configuration.servers)
        if (server->name.empty()) server->name = main.name;
}

void complete_processes(Configuration& configuration) {
    auto& settings = configuration.main_server().server_settings.edit<ProcessSettings>();
    if (settings.runtime_dir.empty()) settings.runtime_dir = defaults::runtime_dir;
    if (settings.pid_file.empty()) settings.pid_file = defaults::pid_file;
    if (!settings.pid_file.starts_with('/'))
        settings.pid_file = settings.runtime_dir + "/" + settings.pid_file;
    if (!settings.scoreboard_file.empty() && !settings.scoreboard_file.starts_with('/'))
        settings.scoreboard_file = settings.runtime_dir + "/" + settings.scoreboard_file;
    if (is_file_log(settings.error_log))
        settings.error_log = absolute(configuration, settings.error_log);
    if (!settings.accept_mutex_was_set) settings.accept_mutex = settings.default_mutex;
    if (!settings.extended_status)
        settings.extended_status = configuration.has_module("status_module");
}

void complete_core(Configuration& configuration) {
    auto& server = configuration.main_server().server_settings;
    const std::string error_log = server.edit<ProcessSettings>().error_log;
    auto& host = server.edit<HostSettings>();
    if (!host.error_log) host.error_log = error_log;
    if (!host.document_root) host.document_root = defaults::document_root;
    server.edit<CoreServerSettings>().description =
        fmt::format("{}/{} ({})", product::name, product::version, product::platform);
}

// Its threads are not made, and its administrator is told. An MPM that counts threads limits
// processes to fewer; here each of them serves one connection.
void lift_limit_of_threaded_mpm(Configuration& configuration) {
    const bool event = configuration.has_module("mpm_event_module");
    if (!event && !configuration.has_module("mpm_worker_module")) return;
    const std::string name = event ? "mpm_event" : "mpm_worker";
    configuration.warnings.push_back(
        {fmt::format("{}_module is loaded, but {} serves with processes only, as mpm_prefork: "
                     "ThreadsPerChild and the other settings of threads have no effect",
                     name, product::name),
         name});
    auto& settings = configuration.main_server().server_settings.edit<ProcessSettings>();
    settings.server_limit = std::max(settings.server_limit, settings.max_request_workers);
}

// What belongs to no server is said by the level of the command line alone.
void drop_unwanted(std::vector<config::Warning>& warnings, log::Level level) {
    std::erase_if(warnings, [level](const config::Warning& warning) {
        return warning.of_no_server && !log::passes(warning.level, level);
    });
}

std::optional<ConfigError> check_mpms(const Configuration& configuration) {
    const auto& enabled = configuration.enabled_modules;
    const auto count = std::count_if(enabled.begin(), enabled.end(), [](const std::string& name) {
        return name.starts_with("mpm_");
    });
    if (count < 2) return {};
    return ConfigError{
        {},
        fmt::format("AH00534: {}: Configuration error: More than one MPM loaded.", product::name)};
}

std::optional<ConfigError> check_identity(const Configuration& configuration) {
    const auto& settings = configuration.main_server().of<ProcessSettings>();
    if (!find_user(settings.user))
        return ConfigError{
            {}, fmt::format("AH00543: {}: bad user name {}", product::name, settings.user)};
    if (!find_group(settings.group))
        return ConfigError{
            {}, fmt::format("AH00544: {}: bad group name {}", product::name, settings.group)};
    return {};
}

std::string whose_log(const Server& server) {
    if (!server.is_virtual) return "main error log";
    return fmt::format("error log of vhost defined at {}:{}",
                       server.place.file ? *server.place.file : std::string(), server.place.line);
}

std::optional<ConfigError> check_error_log(const Configuration& configuration, const Server& server,
                                           logging::LogFolders& folders) {
    const auto& log = server.of<HostSettings>().error_log;
    if (!log || !is_file_log(*log)) return {};
    const std::string folder = logging::folder_of(absolute(configuration, *log));
    const int code = folders.look_at(folder);
    if (code == 0) return {};
    return ConfigError{{},
                       fmt::format("({}){}: AH02291: Cannot access directory '{}' for {}\n"
                                   "AH00014: Configuration check failed",
                                   code, std::strerror(code), folder, whose_log(server))};
}

std::optional<ConfigError> check_modules(const Configuration& configuration) {
    for (const Module& module : all_modules()) {
        if (!module.hooks.check_config || !is_enabled(module, configuration)) continue;
        if (auto checked = module.hooks.check_config(configuration); !checked)
            return ConfigError{{}, checked.error().what + "\nAH00014: Configuration check failed"};
    }
    return {};
}

// What Apache finds before the servers have their names.
std::optional<ConfigError> find_early_fault(const Configuration& configuration) {
    if (auto fault = check_mpms(configuration)) return fault;
    return check_identity(configuration);
}

std::optional<ConfigError> find_late_fault(const Configuration& configuration) {
    logging::LogFolders folders;
    for (const auto& server : configuration.servers)
        if (auto fault = check_error_log(configuration, *server, folders)) return fault;
    return check_modules(configuration);
}

} // namespace

void register_settings() {
    expression::offer_names_of(all_modules());
    for (const Module& module : all_modules())
        for (const auto& type : module.settings) config::SettingsRegistry::instance().add(type);
}

std::vector<config::ModuleRows> module_rows() {
    std::vector<config::ModuleRows> rows;
    for (std::size_t i = 0; i < all_modules().size(); ++i) rows.push_back(rows_of(i));
    return rows;
}

Result<config::ModuleRows> load_module(const std::string& identifier, const std::string& file) {
    const auto module = load_external_module(identifier, file);
    if (!module) return module.error();
    return rows_of(static_cast<std::size_t>(*module - all_modules().data()));
}

std::variant<std::unique_ptr<Configuration>, ConfigError> read_completely(const CommandLine& line) {
    const MemoryApart apart;
    const auto rows = module_rows();
    auto read = config::read_configuration({
        .server_root = line.server_root.value_or(std::string(defaults::server_root)),
        .file = line.file.value_or(std::string(defaults::configuration_file)),
        .defines = line.defines,
        .before = line.before,
        .after = line.after,
        .check_document_roots = line.check_document_roots,
        .modules = rows,
        .load = load_module,
    });
    if (auto* error = std::get_if<ConfigError>(&read)) return std::move(*error);

    auto& configuration = *std::get<0>(read);
    drop_unwanted(configuration.warnings, line.message_level());
    complete_processes(configuration);
    complete_core(configuration);
    lift_limit_of_threaded_mpm(configuration);
    config::merge_servers<ProcessSettings>(configuration);
    config::merge_servers<HostSettings>(configuration);
    config::merge_servers<CoreServerSettings>(configuration);
    auto fault = find_early_fault(configuration);
    if (!fault) name_servers(configuration);
    if (!fault) fault = find_late_fault(configuration);
    if (fault) {
        fault->warnings = configuration.warnings;
        return std::move(*fault);
    }
    return read;
}

} // namespace preforkd
