// The control process: it opens what needs the superuser, forks the children and keeps their pool
// in shape until it is told to stop. It never reads a byte from a client.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "config/configuration.h"
#include "config/syntax_tree.h"

namespace preforkd {

struct RunOptions {
    bool one_process = false; // -X: nothing is forked
    bool foreground = false;
    std::string command_line;         // as it was typed, for the log
    std::vector<std::string> program; // the same in words, and where the program's file is
    // Reads the configuration again, for a restart.
    std::function<std::variant<std::unique_ptr<config::Configuration>, config::ConfigError>()> read;
};

// Returns when the server has stopped: the exit status of the process.
int run_control_process(std::unique_ptr<config::Configuration> configuration,
                        const RunOptions& options);

} // namespace preforkd
