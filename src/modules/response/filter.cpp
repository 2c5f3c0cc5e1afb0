// filter: AddOutputFilterByType, filters chosen by what a response is. Of the other directives only
// the arguments are checked (docs/deferred.md).
#include "modules/response/filter.h"

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "base/text.h"
#include "config/configuration.h"
#include "config/directive.h"
#include "modules/modules.h"

namespace preforkd {

using config::Arguments;
using config::Invocation;
using config::Shape;

namespace {

struct FilterSettings {
    static constexpr config::Scope scope = config::Scope::directory;
    // What an inner section says of a filter replaces what stands outside, as in Apache.
    void inherit_from(const FilterSettings& outer) {
        types.insert(outer.types.begin(), outer.types.end());
    }
    // The names that one section declared: the other directives about them stand beside it.
    std::set<std::string> declared;
    // The media types that each filter (in lower case) is for.
    std::map<std::string, std::vector<std::string>, std::less<>> types;
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

Status add_by_type(FilterSettings& settings, Arguments arguments, Invocation& invocation) {
    if (arguments.size() < 2) return Error{"AddOutputFilterByType requires at least two arguments"};
    for (const auto name : split(arguments[0], ';')) {
        if (auto checked = check_known(invocation, name); !checked) return checked;
        auto& types = settings.types[lower(name)];
        types.insert(types.end(), arguments.begin() + 1, arguments.end());
    }
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

// Without parameters. It stands in lower case, and what is wanted must be written so (as in
// Apache).
std::string_view media_type(std::string_view content_type) {
    return content_type.substr(0, content_type.find_first_of("; \t"));
}

} // namespace

bool wants_filter(const Request& request, std::string_view filter) {
    const Response& response = request.response;
    if (response.is_error_page || response.content_type.empty()) return false;
    if (response.status != 200 &&
        (request.variables.empty() || !request.find_variable("filter-errordocs")))
        return false;
    const auto& types = request.of<FilterSettings>().types;
    const auto found = types.find(filter);
    return found != types.end() &&
           std::find(found->second.begin(), found->second.end(),
                     media_type(response.content_type)) != found->second.end();
}

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
         edits<add_by_type>, "output filter name followed by one or more content-types"},
        {"FilterProtocol", Shape::two_or_three, anywhere, override_options, edits<check_protocol>,
         "filter-name [provider-name] protocol-args"},
    };
    module.settings.push_back(config::settings_type<FilterSettings>());
    return module;
}

} // namespace preforkd
