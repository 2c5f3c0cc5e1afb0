// Applies single directives to a configuration that has nothing else.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "config/configuration.h"
#include "config/directive.h"
#include "pipeline/module.h"

namespace preforkd {

class OneDirective {
  public:
    explicit OneDirective(Module module) : module_(std::move(module)) {
        for (const auto& type : module_.settings) config::SettingsRegistry::instance().add(type);
        for (const auto& row : module_.directives) table_.add(row, "mod_test.c");
        configuration_.server_root = "/";
        configuration_.servers.push_back(std::make_unique<config::Server>());
        node_.place = {std::make_shared<const std::string>("/etc/x.conf"), 7};
    }

    // Empty when the directive was taken, else the text of the error.
    std::string apply(std::string_view name, std::vector<std::string> arguments) {
        for (const auto& row : module_.directives) {
            if (!iequals(row.name, name)) continue;
            config::Server& server = configuration_.main_server();
            config::Invocation invocation{
                row,     node_,  configuration_, server, server.directory_settings,
                nullptr, table_, context};
            invocation.allowed_options = allowed_options;
            const Status applied = row.apply(invocation, arguments);
            return applied ? std::string() : applied.error().what;
        }
        return "no such directive";
    }

    template <class S>
    const S& of() {
        auto& server = configuration_.main_server();
        auto& settings =
            S::scope == config::Scope::server ? server.server_settings : server.directory_settings;
        return settings.template edit<S>();
    }

    config::Configuration& configuration() { return configuration_; }
    config::Server& server() { return configuration_.main_server(); }

    unsigned allowed_options = ~0u;
    config::Context context = config::server_config;

  private:
    Module module_;
    config::DirectiveTable table_;
    config::Configuration configuration_;
    config::Node node_;
};

} // namespace preforkd
