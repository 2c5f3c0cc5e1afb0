#include "config/inclusions.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fmt/format.h>

#include "base/product.h"
#include "config/included_files.h"
#include "config/reading.h"
#include "os/shared_library.h"

namespace preforkd::config {

namespace {

template <bool optional>
Status include(Invocation& invocation, Arguments arguments) {
    const auto files = find_included_files(invocation.server_relative(arguments[0]), optional);
    if (!files) return files.error();
    for (const auto& file : *files)
        if (auto read = invocation.reading->include(file); !read) return read;
    return {};
}

Status check_name(const std::string& name) {
    if (name.find(':') != std::string::npos) return Error{"Variable name must not contain ':'"};
    return {};
}

Status define(Invocation& invocation, Arguments arguments) {
    if (auto checked = check_name(arguments[0]); !checked) return checked;
    auto& configuration = invocation.configuration;
    if (!configuration.defined(arguments[0])) configuration.defines.push_back(arguments[0]);
    if (arguments.size() > 1) configuration.variables[arguments[0]] = arguments[1];
    return {};
}

Status undefine(Invocation& invocation, Arguments arguments) {
    if (auto checked = check_name(arguments[0]); !checked) return checked;
    std::erase(invocation.configuration.defines, arguments[0]);
    invocation.configuration.variables.erase(arguments[0]);
    return {};
}

const Result<ModuleRows> no_module = Error{"there is no such module", ENOENT};

// One that is compiled in, whatever the file is called; else what is in the file.
Result<ModuleRows> find_module(Invocation& invocation, const std::string& identifier,
                               const std::string& file) {
    for (const auto& module : invocation.reading->modules())
        if (module.identifier == identifier) return module;
    const auto& load = invocation.reading->load();
    auto loaded = load ? load(identifier, invocation.server_relative(file)) : no_module;
    if (loaded || loaded.error().code != ENOENT) return loaded;
    return Error{fmt::format("Cannot load {} into server: {} has no module {}; remove the line, "
                             "or do without what it brings",
                             file, product::name, identifier)};
}

// Some builds of Apache have these as files, and none has the others.
bool is_always_built_in(const std::string& identifier) {
    return identifier == "core_module" || identifier == "so_module" || identifier == "http_module";
}

Status load_module(Invocation& invocation, Arguments arguments) {
    const auto module = find_module(invocation, arguments[0], arguments[1]);
    if (!module) return module.error();
    auto& enabled = invocation.configuration.enabled_modules;
    const bool known = std::find(enabled.begin(), enabled.end(), arguments[0]) != enabled.end();
    if (is_always_built_in(arguments[0]))
        return Error{fmt::format("module {} is built-in and can't be loaded", arguments[0])};
    if (known) {
        invocation.warn(
            fmt::format("AH01574: module {} is already loaded, skipping", arguments[0]));
        return {};
    }
    invocation.configuration.warnings.push_back(
        {.text = fmt::format("AH01575: loaded module {} from {}", arguments[0],
                             invocation.server_relative(arguments[1])),
         .module = "so",
         .level = log::Level::debug,
         .of_no_server = true});
    enabled.push_back(arguments[0]);
    if (!module->built_in) invocation.reading->enable(*module);
    return {};
}

// A library that modules need. What is not below ServerRoot may be where the linker finds it.
Status load_file(Invocation& invocation, Arguments arguments) {
    const std::string& name = arguments[0];
    auto loaded = load_library(invocation.server_relative(name));
    if (!loaded && name.find('/') == std::string::npos) loaded = load_library(name);
    if (loaded) return {};
    return Error{fmt::format("Cannot load {} into server: {}", name, loaded.error().what)};
}

constexpr unsigned in_files = server_config | virtual_host | directory;
constexpr unsigned in_servers = server_config | virtual_host;

const std::array inclusion_rows{
    Directive{"Include", Shape::one, in_files, override_none, include<false>,
              "Name(s) of the config file(s) to be included; fails if the wildcard does not match "
              "at least one file",
              true},
    Directive{"IncludeOptional", Shape::one, in_files, override_none, include<true>,
              "Name or pattern of the config file(s) to be included; ignored if the file does not "
              "exist or the pattern does not match any files",
              true},
    Directive{"Define", Shape::one_or_two, in_servers, override_none, define,
              "Define a variable, optionally to a value.  Same as passing -D to the command line.",
              true},
    Directive{"UnDefine", Shape::one, in_servers, override_none, undefine,
              "Undefine the existence of a variable. Undo a Define.", true},
    Directive{"LoadModule", Shape::two, server_config, override_none, load_module,
              "a module name and the name of a shared object file to load it from", true},
    Directive{"LoadFile", Shape::each, server_config, override_none, load_file,
              "shared object file or library to load into the server at runtime", true},
};

} // namespace

std::span<const Directive> inclusion_directives() { return inclusion_rows; }

} // namespace preforkd::config
