#include "modules/response/output_filters.h"

#include <array>

#include "base/text.h"

namespace preforkd {

namespace {

// What Apache has as filters and this server does in other ways.
constexpr std::array always_at_work{
    FilterRegistration{"BYTERANGE"},
    FilterRegistration{"CHUNK"},
    FilterRegistration{"CONTENT_LENGTH"},
    FilterRegistration{"HTTP_HEADER"},
};

bool is_there(const FilterRegistration& filter, const config::Configuration& configuration) {
    return filter.module_identifier.empty() || configuration.has_module(filter.module_identifier);
}

} // namespace

const FilterRegistration* find_output_filter(const config::Configuration& configuration,
                                             std::string_view name) {
    for (const auto& registrations :
         {std::span<const FilterRegistration>(always_at_work), brotli_filters(), buffer_filters(),
          data_filters(), deflate_filters(), include_filters(), ratelimit_filters(),
          substitute_filters()})
        for (const auto& one : registrations)
            if (iequals(one.name, name) && is_there(one, configuration)) return &one;
    return find_external_filter(configuration, name);
}

NamedFilters filters_named(const config::Configuration& configuration, std::string_view names) {
    NamedFilters filters;
    for (const auto name : split(names, ';')) {
        const auto* found = find_output_filter(configuration, name);
        if (found && !found->filter) continue;
        filters.push_back({std::string(name), found ? found->filter : nullptr});
    }
    return filters;
}

} // namespace preforkd
