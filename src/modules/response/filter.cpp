// filter: its directives only. Choosing filters by what a response is comes later
// (docs/deferred.md).
#include <algorithm>
#include <set>

#include "base/text.h"
#include "config/configuration.h"
#include "config/directive.h"
#include "modules/modules.h"

namespace preforkd {

using config::Arguments;
using config::Invocation;
using config::Shape;

namespace {

// The names that one section declared: the other directives about them stand beside it.
struct FilterSettings {
    static constexpr config::Scope scope = config::Scope::directory;
    void inherit_from(const FilterSettings&) {}
    std::set<std::string> declared;
};

bool is_enabled_module(const Invocation& invocation, std::string_view identifier) {
    const auto& enabled = invocation.configuration.enabled_modules;
    return std::find(enabled.begin(), enabled.end(), identifier) != enabled.end();
}

// A filter that some module would bring; in any letter case.
bool is_known(const Invocation& invocation, std::string_view name) {
    for (std::string_view known : {"DEFLATE", "INFLATE"})
        if (iequals(name, known)) return is_enabled_module(invocation, "deflate_module");
    for (std::string_view known : {"BYTERANGE", "CHUNK", "CONTENT_LENGTH", "HTTP_HEADER"})
        if (iequals(name, known)) return true;
    return false;
}

Status check_known(const Invocation& invocation, std::string_view name) {
    if (is_known(invocation, name)) return {};
    return Error{"Unknown filter provider " + std::string(name)};
}

Status declare(FilterSettings& settings, Arguments arguments) {
    settings.declared.insert(arguments[0]);
    return {};
}

Status check_provider(FilterSettings& settings, Arguments arguments, Invocation& invocation) {
    settings.declared.insert(arguments[0]);
    return check_known(invocation, arguments[1]);
}

Status check_by_type(Invocation& invocation, Arguments arguments) {
    if (arguments.size() < 2) return Error{"AddOutputFilterByType requires at least two arguments"};
    for (const auto name : split(arguments[0], ';'))
        if (auto checked = check_known(invocation, name); !checked) return checked;
    return {};
}

Status check_protocol(FilterSettings& settings, Arguments arguments) {
    if (settings.declared.contains(arguments[0])) return {};
    return Error{"FilterProtocol: No such filter"};
}

Status check_trace(FilterSettings& settings, Arguments arguments) {
    if (settings.declared.contains(arguments[0])) return {};
    return Error{"Undeclared smart filter " + arguments[0]};
}

} // namespace

Module filter_module() {
    using config::anywhere;
    using config::edits;
    using config::override_options;
    constexpr unsigned not_in_files = anywhere & ~config::htaccess;
    Module module{.name = "filter"};
    module.directives = {
        {"FilterDeclare", Shape::one_or_two, anywhere, override_options, edits<declare>,
         "filter-name [filter-type]"},
        {"FilterProvider", Shape::three, anywhere, override_options, edits<check_provider>,
         "filter-name provider-name match-expression"},
        {"FilterChain", Shape::each, anywhere, override_options, config::accepted_for_later,
         "list of filter names with optional [+-=!@]"},
        {"FilterTrace", Shape::two, not_in_files, config::override_none, edits<check_trace>,
         "filter-name debug-level"},
        {"AddOutputFilterByType", Shape::words, anywhere, config::override_file_info,
         check_by_type, "output filter name followed by one or more content-types"},
        {"FilterProtocol", Shape::two_or_three, anywhere, override_options, edits<check_protocol>,
         "filter-name [provider-name] protocol-args"},
    };
    module.settings.push_back(config::settings_type<FilterSettings>());
    return module;
}

} // namespace preforkd
