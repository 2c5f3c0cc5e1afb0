// env: variables that every request gets (SetEnv, PassEnv) or does not get (UnsetEnv).
#include <algorithm>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "config/directive.h"
#include "modules/modules.h"
#include "pipeline/request.h"

namespace preforkd {

using config::Arguments;
using config::Invocation;
using config::Shape;

namespace {

struct Assignment {
    std::string name;
    std::string value;
};

struct EnvSettings {
    static constexpr config::Scope scope = config::Scope::directory;
    void inherit_from(const EnvSettings& outer);
    void set(const std::string& name, const std::string& value);

    std::vector<Assignment> variables;
    std::vector<std::string> removed;
};

void EnvSettings::set(const std::string& name, const std::string& value) {
    for (auto& variable : variables) {
        if (!iequals(variable.name, name)) continue;
        variable.value = value;
        return;
    }
    variables.push_back({name, value});
}

void EnvSettings::inherit_from(const EnvSettings& outer) {
    const auto said = std::exchange(variables, outer.variables);
    std::erase_if(variables, [this](const Assignment& variable) {
        return std::any_of(removed.begin(), removed.end(),
                           [&](const std::string& name) { return iequals(variable.name, name); });
    });
    for (const auto& variable : said) set(variable.name, variable.value);
    removed.clear(); // it counts once, as in Apache: for what stands right outside
}

Status set_variable(EnvSettings& settings, Arguments arguments, Invocation& invocation) {
    const std::string& name = arguments[0];
    if (name.find('=') != std::string::npos)
        invocation.warn("AH10032: Spurious usage of '=' in an environment variable name. '" +
                        std::string(invocation.directive.name) + " " +
                        name.substr(0, name.find('=')) + " " + name.substr(name.find('=') + 1) +
                        "' expected instead?");
    settings.set(name, arguments.size() > 1 ? arguments[1] : std::string());
    return {};
}

Status pass_variable(EnvSettings& settings, Arguments arguments, Invocation& invocation) {
    if (const char* value = std::getenv(arguments[0].c_str())) settings.set(arguments[0], value);
    else invocation.warn("AH01506: PassEnv variable " + arguments[0] + " was undefined");
    return {};
}

Status remove_variable(EnvSettings& settings, Arguments arguments) {
    settings.removed.push_back(arguments[0]);
    std::erase_if(settings.variables,
                  [&](const Assignment& variable) { return iequals(variable.name, arguments[0]); });
    return {};
}

// What depends on the request (SetEnvIf) was said before, and stays for all but scripts.
Verdict fixups(Request& request) {
    for (const auto& variable : request.of<EnvSettings>().variables)
        request.add_variable(variable.name, variable.value);
    return declined;
}

std::vector<config::Directive> directives() {
    using config::anywhere;
    using config::edits;
    using config::override_file_info;
    return {
        {"PassEnv", Shape::each, anywhere, override_file_info, edits<pass_variable>,
         "a list of environment variables to pass to CGI."},
        {"SetEnv", Shape::one_or_two, anywhere, override_file_info, edits<set_variable>,
         "an environment variable name and optional value to pass to CGI."},
        {"UnsetEnv", Shape::each, anywhere, override_file_info, edits<remove_variable>,
         "a list of variables to remove from the CGI environment."},
    };
}

} // namespace

Module env_module() {
    return {
        .name = "env",
        .directives = directives(),
        .settings = {config::settings_type<EnvSettings>()},
        .hooks = {.fixups = fixups},
    };
}

} // namespace preforkd
