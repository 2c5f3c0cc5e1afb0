#include "modules/response/output_filters.h"

#include <array>

namespace preforkd {

namespace {

// What Apache has as filters and this server does in other ways.
constexpr std::array always_at_work{
    OutputFilterRegistration{"BYTERANGE"},
    OutputFilterRegistration{"CHUNK"},
    OutputFilterRegistration{"CONTENT_LENGTH"},
    OutputFilterRegistration{"HTTP_HEADER"},
};

} // namespace

const OutputFilterRegistration* find_output_filter(const config::Configuration& configuration,
                                                   std::string_view name) {
    const auto* found = find_registered<OutputFilter>(
        {always_at_work, brotli_filters(), buffer_filters(), data_filters(), deflate_filters(),
         include_filters(), ratelimit_filters(), substitute_filters()},
        configuration, name);
    return found ? found : find_external_output_filter(configuration, name);
}

NamedOutputFilters output_filters_named(const config::Configuration& configuration,
                                        std::string_view names) {
    return filters_named<OutputFilter>(
        names, [&](std::string_view name) { return find_output_filter(configuration, name); });
}

} // namespace preforkd
