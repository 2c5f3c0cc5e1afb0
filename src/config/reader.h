// From files to a Configuration: reading (lines, variables, includes, conditions), then applying.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/configuration.h"
#include "config/directive.h"
#include "config/syntax_tree.h"

namespace preforkd::config {

class Witness;

// A module as the configuration language knows it.
struct ModuleRows {
    std::string_view identifier; // "alias_module"
    std::string_view source;     // "mod_alias.c": the other name that <IfModule> takes
    bool built_in = false; // there without LoadModule (core, so, log_config, …: -l lists them)
    std::span<const Directive> directives;
};

using LoadModule =
    std::function<Result<ModuleRows>(const std::string& identifier, const std::string& file)>;

// From the command line.
struct ReadOptions {
    std::string server_root;             // -d
    std::string file;                    // -f, relative to server_root
    std::vector<std::string> defines;    // -D
    std::vector<std::string> before;     // -C
    std::vector<std::string> after;      // -c
    bool check_document_roots = true;    // -T says no
    std::span<const ModuleRows> modules; // everything that is compiled in
    // Finds a module that is not among them in a file, and answers rows that live as long as the
    // process. ENOENT: there is none of that name in it.
    LoadModule load;
    Witness* witness = nullptr; // hears of every directive, and of every mistake
};

// Either everything or the first error. Never half a configuration.
std::variant<std::unique_ptr<Configuration>, ConfigError> read_configuration(const ReadOptions&);

// Applies the text of an .htaccess file to a new section. Run by a child, for one request; nothing
// of the shared configuration is changed.
struct HtaccessRules {
    unsigned overrides = override_none;  // AllowOverride
    unsigned allowed_options = ~0u;      // AllowOverride Options=…
    std::vector<std::string> directives; // AllowOverrideList
    bool fatal = true;                   // AllowOverride Nonfatal=Override or All
    bool unknown_is_fatal = true;        // AllowOverride Nonfatal=Unknown or All
};
// What is to be said of it in any case goes to `warnings`.
std::variant<std::unique_ptr<Section>, ConfigError>
read_htaccess(const Configuration&, const DirectiveTable&, const std::string& path,
              std::string_view text, const HtaccessRules&, Witness* witness = nullptr,
              std::vector<Warning>* warnings = nullptr);

} // namespace preforkd::config
