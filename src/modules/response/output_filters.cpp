#include "modules/response/output_filters.h"

#include <array>

#include "base/text.h"

namespace preforkd {

namespace {

// What Apache has as filters and this server does in other ways.
constexpr std::array always_at_work{
    OutputFilterRegistration{"BYTERANGE"},
    OutputFilterRegistration{"CHUNK"},
    OutputFilterRegistration{"CONTENT_LENGTH"},
    OutputFilterRegistration{"HTTP_HEADER"},
};

bool is_there(const OutputFilterRegistration& filter, const config::Configuration& configuration) {
    return filter.module_identifier.empty() || configuration.has_module(filter.module_identifier);
}

} // namespace

const OutputFilterRegistration* find_output_filter(const config::Configuration& configuration,
                                                   std::string_view name) {
    for (const auto& registrations :
         {std::span<const OutputFilterRegistration>(always_at_work), brotli_filters(),
          buffer_filters(), data_filters(), deflate_filters(), include_filters(),
          ratelimit_filters(), substitute_filters()})
        for (const auto& one : registrations)
            if (iequals(one.name, name) && is_there(one, configuration)) return &one;
    return find_external_output_filter(configuration, name);
}

NamedOutputFilters output_filters_named(const config::Configuration& configuration,
                                        std::string_view names) {
    NamedOutputFilters filters;
    for (const auto name : split(names, ';')) {
        if (iequals(name, "none")) continue;
        const auto* found = find_output_filter(configuration, name);
        if (found && !found->filter) continue;
        filters.push_back({std::string(name), found ? found->filter : nullptr});
    }
    return filters;
}

} // namespace preforkd
