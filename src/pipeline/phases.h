// The hooks of the enabled modules, phase by phase: made once after the configuration is read.
#pragma once

#include <vector>

#include "config/configuration.h"
#include "pipeline/module.h"

namespace preforkd {

// A list for each hook of pipeline/module.h, without the modules that leave it empty.
struct Phases {
    using Phase = std::vector<Verdict (*)(Request&)>;
    std::vector<void (*)(ConnectionOpening&)> pre_connection;
    Phase post_read_request; // begins with read_request
    Phase translate_name;
    Phase map_to_storage;
    Phase header_parser;
    Phase access_checker;
    Phase check_user_id;
    Phase auth_checker;
    Phase type_checker;
    Phase fixups;
    std::vector<Verdict (*)(Request&, Responder&)> handler;
    std::vector<http::BodySink* (*)(Request&, http::BodySink*)> filter_response;
    std::vector<void (*)(Request&)> log_transaction;
    std::vector<Status (*)(config::Configuration&, LogPrograms&)> open_logs;
    struct PostConfig {
        std::string_view module; // without "mod_", for the log
        Status (*run)(config::Configuration&);
    };
    std::vector<PostConfig> post_config;
    std::vector<void (*)()> monitor;
    std::vector<void (*)(const config::Configuration&)> child_init;
    std::vector<void (*)()> child_exit;
};

Phases phases_of(const std::vector<Module>& modules, const config::Configuration& configuration);

bool is_enabled(const Module& module, const config::Configuration& configuration);

// The identifier that LoadModule takes ("alias_module"), and the file name that <IfModule> takes.
std::string identifier_of(const Module& module);
std::string source_of(const Module& module);

// Runs every function until one refuses (Apache: RUN_ALL).
Verdict run_all(const Phases::Phase& phase, Request& request);
// Runs functions until one does not decline (Apache: RUN_FIRST).
Verdict run_first(const Phases::Phase& phase, Request& request);

} // namespace preforkd
