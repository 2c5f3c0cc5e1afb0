#include "modules/response/input_filters.h"

#include <array>

#include "base/text.h"

namespace preforkd {

namespace {

// What Apache has as filters and this server does in other ways, if there is anything to do.
constexpr std::array without_effect{
    InputFilterRegistration{"BUFFER", nullptr, "buffer_module"},
    InputFilterRegistration{"HTTP_IN"},
    InputFilterRegistration{"KEEP_BODY", nullptr, "request_module"},
    InputFilterRegistration{"KEPT_BODY", nullptr, "request_module"},
};

bool is_there(const InputFilterRegistration& filter, const config::Configuration& configuration) {
    return filter.module_identifier.empty() || configuration.has_module(filter.module_identifier);
}

const InputFilterRegistration* find(const config::Configuration& configuration,
                                    std::string_view name) {
    for (const auto& registrations :
         {std::span<const InputFilterRegistration>(without_effect), deflate_input_filters()})
        for (const auto& one : registrations)
            if (iequals(one.name, name) && is_there(one, configuration)) return &one;
    return find_external_input_filter(configuration, name);
}

} // namespace

NamedInputFilters input_filters_named(const config::Configuration& configuration,
                                      std::string_view names) {
    NamedInputFilters filters;
    for (const auto name : split(names, ';')) {
        const auto* found = find(configuration, name);
        if (found && !found->filter) continue;
        filters.push_back({std::string(name), found ? found->filter : nullptr});
    }
    return filters;
}

} // namespace preforkd
