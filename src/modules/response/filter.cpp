// filter: filters chosen by what a response is. What FilterProvider and FilterChain say is only
// checked (docs/deferred.md).
#include <set>

#include "base/text.h"
#include "config/configuration.h"
#include "config/directive.h"
#include "modules/entries.h"
#include "modules/modules.h"
#include "modules/response/output_filters.h"
#include "modules/response/smart_filter.h"
#include "pipeline/request.h"

namespace preforkd {

using config::Arguments;
using config::Invocation;
using config::Shape;

namespace {

struct FilterSettings {
    static constexpr config::Scope scope = config::Scope::directory;

    // A filter declared here is used wherever its name stands, also in what is inherited. So one
    // that both sections put into their chain is there twice, as in Apache.
    void inherit_from(const FilterSettings& outer) {
        chain.insert(chain.begin(), outer.chain.begin(), outer.chain.end());
        for (const SmartFilter*& filter : chain)
            if (const SmartFilter* own = find(filter->name())) filter = own;
        filters.append(outer.filters);
    }
    const SmartFilter* find(const std::string& name) const {
        for (const SmartFilter* filter : filters)
            if (filter->name() == name) return filter;
        return nullptr;
    }

    // The names that one section declared: the other directives about them stand beside it.
    std::set<std::string> declared;
    Entries<SmartFilter> filters; // the innermost first
    std::vector<const SmartFilter*> chain;
};

Result<const FilterRegistration*> find_known(const Invocation& invocation,
                                             const std::string& name) {
    if (const auto* found = find_output_filter(invocation.configuration, name)) return found;
    return Error{"Unknown filter provider " + name};
}

Status declare(FilterSettings& settings, Arguments arguments) {
    settings.declared.insert(arguments[0]);
    return {};
}

Status check_provider(FilterSettings& settings, Arguments arguments, Invocation& invocation) {
    settings.declared.insert(arguments[0]);
    if (auto found = find_known(invocation, arguments[1]); !found) return found.error();
    return {};
}

// The smart filter of one section for all that it says of types for `provider`.
SmartFilter& filter_by_type(FilterSettings& settings, const FilterRegistration& provider) {
    const std::string name = "BYTYPE:" + std::string(provider.name);
    for (const auto& filter : settings.filters.own())
        if (filter->name() == name) return *filter;
    SmartFilter& filter = settings.filters.add(SmartFilter(name));
    filter.providers().push_back({std::string(provider.name), provider.filter, {}});
    settings.chain.push_back(&filter);
    return filter;
}

Status add_by_type(FilterSettings& settings, Arguments arguments, Invocation& invocation) {
    if (arguments.size() < 2) return Error{"AddOutputFilterByType requires at least two arguments"};
    for (const auto name : split(arguments[0], ';')) {
        const auto found = find_known(invocation, std::string(name));
        if (!found) return found.error();
        auto& types = filter_by_type(settings, **found).providers().front().types;
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

Verdict insert_chain(Request& request) {
    for (const SmartFilter* filter : request.of<FilterSettings>().chain)
        insert_filter(request, *filter);
    return declined;
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
         edits<add_by_type>, "output filter name followed by one or more content-types"},
        {"FilterProtocol", Shape::two_or_three, anywhere, override_options, edits<check_protocol>,
         "filter-name [provider-name] protocol-args"},
    };
    module.settings.push_back(config::settings_type<FilterSettings>());
    module.hooks.fixups = insert_chain;
    return module;
}

} // namespace preforkd
