// From the command line and the files to a configuration that a server can run with.
#pragma once

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "app/command_line.h"
#include "config/configuration.h"
#include "config/directive.h"
#include "config/syntax_tree.h"
#include "pipeline/module.h"

namespace preforkd {

// Reads everything and fills in what was not said: names, paths, defaults. Checks what Apache
// checks before it opens a log. Used at the start and at every restart.
std::variant<std::unique_ptr<config::Configuration>, config::ConfigError>
read_completely(const CommandLine& line);

// Every module that is compiled in, as the configuration language knows it.
std::vector<config::ModuleRows> module_rows();
// For config::ReadOptions.
Result<config::ModuleRows> load_module(const std::string& identifier, const std::string& file);

// Makes every module's settings known. Once, before the first reading.
void register_settings();

} // namespace preforkd
