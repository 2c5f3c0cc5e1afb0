// A configuration with a main server, made by hand, for tests of what is made from one.
#pragma once

#include <memory>

#include "config/configuration.h"
#include "config/process_settings.h"
#include "pipeline/core_settings.h"
#include "pipeline/host_settings.h"

namespace preforkd {

inline void merge_settings(config::Configuration& configuration) {
    auto& main = configuration.main_server();
    main.server_merged = config::MergedSettings{}.with(main.server_settings);
    for (auto& server : configuration.servers)
        if (server.get() != &main)
            server->server_merged = main.server_merged.with(server->server_settings);
}

inline std::unique_ptr<config::Configuration> make_configuration() {
    auto& registry = config::SettingsRegistry::instance();
    registry.add(config::settings_type<config::ProcessSettings>());
    registry.add(config::settings_type<HostSettings>());
    registry.add(config::settings_type<CoreServerSettings>());
    registry.add(config::settings_type<RequestReadTimeoutSettings>());
    auto configuration = std::make_unique<config::Configuration>();
    configuration->servers.push_back(std::make_unique<config::Server>());
    configuration->main_server().server_settings.edit<config::ProcessSettings>();
    configuration->main_server().server_settings.edit<CoreServerSettings>();
    merge_settings(*configuration);
    return configuration;
}

} // namespace preforkd
